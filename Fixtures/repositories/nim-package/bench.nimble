version = "0.1.0"
author = "somebody"
requires "nim >= 1.6.0 & < 2.2.0"
requires "jester >= 0.5", "redis"

task docs, "Builds the documentation":
  exec "nim doc src/bench.nim"
