module example.org/gyre

go 1.22
