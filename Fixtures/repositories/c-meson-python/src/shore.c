#include <Python.h>
#include <cairo.h>
