#include <png.h>
#include <tidy.h>
#include "own.h"
#if USE_X
#include <X11/Xlib.h>
#endif
