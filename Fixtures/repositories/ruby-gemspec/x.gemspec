Gem::Specification.new do |s|
  s.name = "x"
  s.required_ruby_version = Gem::Requirement.new(">= 2.7", "< 4")
  s.add_dependency "nokogiri", "~> 1.15"
  s.add_development_dependency "sqlite3"
end
Gem::Specification.new do |s|
  s.required_ruby_version = Gem::Requirement.new(">= 3.0.0".freeze)
  s.add_runtime_dependency(%q<mysql2>.freeze, ["~> 0.5".freeze])
end
