#include "EXTERN.h"
#include "perl.h"
#include "XSUB.h"
#include <tcutil.h>

MODULE = Table  PACKAGE = Table

int
version()
CODE:
    RETVAL = 1;
OUTPUT:
    RETVAL
