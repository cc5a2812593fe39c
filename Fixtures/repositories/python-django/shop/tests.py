from django.test import TestCase


class T(TestCase):
    def test_it(self):
        pass
