package = "pennant"
version = "0.1.0-1"
source = { url = "https://www.example.org/pennant-0.1.0.tar.gz" }
dependencies = { "lua >= 5.1, < 5.3", "luasocket" }
build = { type = "builtin", modules = { pennant = "pennant.lua" } }
