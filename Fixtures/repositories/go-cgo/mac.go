//go:build ignore || (darwin && cgo)

package main

// #include <CoreFoundation/CoreFoundation.h>
import "C"
