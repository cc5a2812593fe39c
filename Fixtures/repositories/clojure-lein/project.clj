(defproject acme/shop "0.1.0"
  :description "A shop; with [brackets]"
  :min-lein-version "2.9.1"
  :dependencies [[org.clojure/clojure "1.11.3"]
                 #_[com.novemberain/langohr "5.0"]
                 [com.taoensso/carmine "3.3.2"]]
  :plugins [[lein-ring "0.12.6"] [lein-cljfmt "0.9.2"]]
  :ring {:handler shop.core/app}
  :javac-options ["-target" "11" "-source" "11"]
  :main ^:skip-aot shop.core
  :profiles {:dev {:dependencies [[org.testcontainers/postgresql "1.19.8"]]}})
