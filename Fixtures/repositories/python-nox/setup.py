from setuptools import setup
setup(name="knock", extras_require={"fast": ["pyre2"], "test": ["nose"]})
