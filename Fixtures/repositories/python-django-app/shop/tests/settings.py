SECRET_KEY = "only for tests"
INSTALLED_APPS = ("shop",)
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
