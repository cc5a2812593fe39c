package usb

import "testing"

func TestVersion(t *testing.T) {}
