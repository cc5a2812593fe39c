require "mkmf"

# have_library("commented")
pkg_config("libxml-2.0")
abort "zlib is missing" unless have_header("zlib.h") && have_library("z", "deflate")
if RUBY_PLATFORM =~ /mswin/
  have_library("ws2_32")
else
  find_library 'yaml', 'yaml_parser_initialize', '/usr/local/lib'
end
$libs << " -lmagic"
have_library("m")
have_header("ruby/thread.h")
create_makefile("table/table")
