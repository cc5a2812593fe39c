def test_glow():
    assert True
