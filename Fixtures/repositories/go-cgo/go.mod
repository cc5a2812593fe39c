module example.org/y

go 1.22
