AC_DEFUN([AX_BLAS], [
  AC_CHECK_LIB([cxml], [dgemm])
])
