Gem::Specification.new do |spec|
  spec.name = "app"
  spec.required_ruby_version = ">= 2.7", "< 3.4"
  spec.add_dependency "rack", "~> 3.0"
  spec.add_development_dependency "minitest"
end
