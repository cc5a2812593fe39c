import pytest


def test_shore():
    assert True
