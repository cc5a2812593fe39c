(defsystem "orbit-bench" :depends-on ("orbit" "lparallel")
  :perform (test-op (o c) (symbol-call :orbit-bench :run)))
