#include <ruby.h>
#include <zlib.h>
void Init_table(void) {}
