module example.org/api/ctl

require (
	example.org/api/client v1.0.0
	github.com/lib/pq v1.10.0
)
