// Package usb wraps libusb.
package usb

// #cgo pkg-config: libusb-1.0
// #include <libusb.h>
import "C"

// Version tells nothing.
func Version() int { return int(C.LIBUSB_API_VERSION) }
