module example.org/x

go 1.21

toolchain go1.22.3

require (
	github.com/google/gopacket v1.1.19
)
