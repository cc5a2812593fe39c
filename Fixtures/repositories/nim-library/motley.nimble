# Package
version = "0.3.0"
author  = "M. Ray"
license = "MIT"
srcDir  = "src"

requires "nim >= 1.4.0"

task docs, "write the documentation":
  exec "nim doc src/motley.nim"
