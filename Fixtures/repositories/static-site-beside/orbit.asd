(defsystem "orbit")
