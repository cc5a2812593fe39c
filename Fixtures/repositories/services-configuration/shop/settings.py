DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"},
}
if PRODUCTION:
    DATABASES["default"] = {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
    }
CACHES = {"default": {"LOCATION": "redis://127.0.0.1:6379/1"}}
