(define-package "lamp" "1.0" "Light"
  '((emacs "25.1")))
