from nose.tools import eq_


def test_moth():
    eq_(1, 1)
