AC_DEFUN([AC_PACKAGE_NEED_ATTR_H], [
  AC_CHECK_HEADERS([attr/error_context.h], [], [AC_MSG_ERROR([attr is missing])])
])
