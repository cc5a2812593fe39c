(defsystem "orbit"
  :depends-on (:postmodern #:cl+ssl "alexandria")
  :in-order-to ((test-op (test-op "orbit/tests"))))
