.PHONY: check
check:
	docker run -d redis:7
	./run-tests
