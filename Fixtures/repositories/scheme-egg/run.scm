#!/usr/bin/guile -s
!#
(use-modules (ice-9 match))
