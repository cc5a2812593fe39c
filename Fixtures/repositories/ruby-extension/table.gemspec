Gem::Specification.new do |s|
  s.name = "table"
  s.version = "0.1.0"
  s.summary = "Tables on disk"
  s.extensions = ["ext/table/extconf.rb"]
  s.files = Dir["ext/**/*"]
end
