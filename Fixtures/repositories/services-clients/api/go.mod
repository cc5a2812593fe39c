module example.org/api

go 1.22

require (
	github.com/nats-io/nats.go v1.31.0
	go.etcd.io/etcd/client/v3 v3.5.0 // indirect
)
