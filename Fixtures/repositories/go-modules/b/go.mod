module example.org/b
go 1.22
