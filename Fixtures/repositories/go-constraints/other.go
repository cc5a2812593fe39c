// +build windows

package app

// #cgo pkg-config: never-used
import "C"
