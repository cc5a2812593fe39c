package = "banner"
version = "0.1-1"
source = { url = "https://www.example.org/banner-0.1.tar.gz" }
build = { type = "builtin", modules = { banner = "banner.lua" } }
