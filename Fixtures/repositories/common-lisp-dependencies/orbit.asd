;;; orbit.asd
(defsystem "orbit"
  :defsystem-depends-on ("cffi-grovel")
  :depends-on (:alexandria #+sbcl "sb-posix" #-sbcl "osicat" #:Local-Time
               (:version "cl-ppcre" "2.1") "orbit/core" ; "drakma"
               "unknown-system")
  :components ((:file "package")
               (:file "drakma" :depends-on ("package" "md5")))
  :in-order-to ((test-op (test-op "orbit/tests"))))

(asdf:defsystem :orbit/tests
  :depends-on (:orbit :fiveam))
