#lang info
(define collection "scribe")
(define deps '(("base" #:version "8.0") "rackunit-lib"))
