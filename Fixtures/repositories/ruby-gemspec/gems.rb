source "https://rubygems.org"
gemspec
gem "ffi", platforms: [:jruby]
