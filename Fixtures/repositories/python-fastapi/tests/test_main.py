from fastapi.testclient import TestClient

from app.main import service


def test_root():
    assert TestClient(service).get("/").json() == {}
