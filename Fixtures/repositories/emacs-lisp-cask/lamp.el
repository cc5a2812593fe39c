;;; lamp.el --- Light
;; Version: 1.0
;; Package-Requires: ((emacs "27.1") (dash "2.19"))
