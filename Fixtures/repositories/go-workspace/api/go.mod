module example.org/api

go 1.21

require (
	github.com/mattn/go-sqlite3 v1.14.22
	github.com/h2non/bimg v1.1.9 // indirect
)

replace (
	github.com/google/gopacket v1.1.19 => ../lib v0.0.0
)
