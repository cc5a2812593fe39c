AC_DEFUN([AX_EMBEDDED_CHECK], [
  PKG_CHECK_MODULES([bfio], [libbfio])
])
