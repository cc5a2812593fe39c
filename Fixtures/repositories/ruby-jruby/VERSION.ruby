jruby-9.4.5.0
