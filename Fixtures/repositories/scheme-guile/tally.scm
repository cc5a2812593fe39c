(define-module (tally)
  #:use-module (gcrypt hash)
  #:export (tally))
