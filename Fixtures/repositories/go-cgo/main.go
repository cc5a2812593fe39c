package main

/*
#cgo pkg-config: libpng zlib
#cgo linux LDFLAGS: -lm -lusb-1.0
#cgo windows LDFLAGS: -lws2_32
#include <stdio.h>
#include <magic.h>
#include <local.h>
#ifdef OTHER
#include <other.h>
#endif
*/
import "C"

func main() {}
