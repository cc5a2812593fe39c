package = "banner"
version = "dev-1"
source = { url = "git+https://git.example.org/banner.git" }
build = { type = "builtin", modules = { banner = "banner.lua" } }
