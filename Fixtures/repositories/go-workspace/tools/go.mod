module example.org/tools

go 1.22

tool (
	golang.org/x/tools/cmd/stringer
)

require golang.org/x/tools v0.20.0 // indirect
