// +build linux,cgo darwin
// +build !noalsa

package app

// #cgo linux pkg-config: alsa
import "C"
