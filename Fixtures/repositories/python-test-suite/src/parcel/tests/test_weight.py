import doctest


def test_suite():
    return doctest.DocTestSuite("parcel")
