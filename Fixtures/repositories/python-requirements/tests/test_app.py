from app import app


def test_it():
    pass
