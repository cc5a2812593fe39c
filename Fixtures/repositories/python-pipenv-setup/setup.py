import json

from setuptools import setup


def locked():
    with open("Pipfile.lock") as file:
        return json.load(file)["default"]


setup(name="ferry", version="1.0", install_requires=[name for name in locked()])
