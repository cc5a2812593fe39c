find_path(MAGICK_INCLUDE_DIR NAMES magic.h)
find_library(MAGICK_LIBRARY NAMES magic)
