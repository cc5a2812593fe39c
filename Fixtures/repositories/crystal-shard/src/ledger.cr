require "http/server"
require "yaml"

@[Link("sodium")]
lib Sodium
end
