package = "tide"
version = "1.0-1"
dependencies = {
   "lua >= 5.1, < 5.5",
   "luasec ~> 1.3", "pgmoon >= 1.16",
}
external_dependencies = {
   YAML = { header = "yaml.h" }
}
test = {
   type = "busted",
}
