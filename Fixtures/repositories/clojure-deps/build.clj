(ns build)
(defn clean [_])
(defn uber [_])
