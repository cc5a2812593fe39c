from setuptools import setup
setup(name="app", extras_require={"test": ["pytest"]})
