module example.org/cli

go 1.21rc2

toolchain default

require (
	github.com/mattn/go-sqlite3 v1.14.22 // indirect
	github.com/google/gopacket v1.1.19 // indirect
)
