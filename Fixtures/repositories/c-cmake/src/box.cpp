#include "box.h"
#include <png.h>
#include <vector>
#ifdef _WIN32
#include <gdiplus.h>
#endif
#include <fmt/core.h>
