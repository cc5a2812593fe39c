#ifndef BOX_H
#define BOX_H
#include <mini/mini.h>
#endif
