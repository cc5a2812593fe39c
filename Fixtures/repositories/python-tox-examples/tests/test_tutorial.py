import tutorial


def test_imports():
    assert tutorial
