rockspec_format = "3.0"
package = "pennant"
version = "scm-1"
source = { url = "git+https://git.example.org/pennant.git" }
dependencies = { "lua >= 5.1, < 5.5" }
build = { type = "builtin", modules = { pennant = "src/pennant.lua" } }
