def test_float():
    assert True
