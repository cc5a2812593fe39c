PHP_ARG_ENABLE(table, whether to enable tables,
[  --enable-table         Enable tables])
PHP_ARG_WITH(zstd, directory of zstd,
[  --with-zstd            Use zstd], no, no)

if test "$PHP_TABLE" != "no"; then
  AC_PATH_PROG(PKG_CONFIG, pkg-config, no)
  if $PKG_CONFIG --exists liblz4; then
    LZ4_LIBS=`$PKG_CONFIG --libs liblz4`
  fi
  dnl for i in /usr/include/never.h
  for i in /usr/local /usr; do
    if test -r $i/include/uuid/uuid.h; then
      UUID_DIR=$i
    fi
  done
  PHP_CHECK_LIBRARY(yaml, yaml_parser_initialize, [
    PHP_ADD_LIBRARY_WITH_PATH(yaml, $YAML_DIR/lib, TABLE_SHARED_LIBADD)
  ])
  PHP_NEW_EXTENSION(table, table.c, $ext_shared)
fi
