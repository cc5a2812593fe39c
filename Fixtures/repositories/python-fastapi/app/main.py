from fastapi import FastAPI

service: FastAPI = FastAPI(title="orders")


@service.get("/")
def root():
    return {}
