from django.test import TestCase


class CartTest(TestCase):
    def test_is_empty(self):
        self.assertEqual(self.client.get("/cart").status_code, 200)
