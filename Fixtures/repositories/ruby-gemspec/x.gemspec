Gem::Specification.new do |s|
  s.name = "x"
  s.required_ruby_version = Gem::Requirement.new(">= 2.7", "< 4")
  s.add_dependency "nokogiri", "~> 1.15"
  s.add_development_dependency "sqlite3"
end
