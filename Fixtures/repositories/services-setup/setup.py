from setuptools import setup
base = ["pymongo>=4", "requests"]
setup(
    name="app",
    install_requires=base + ["pika"],
    extras_require={"cache": ["redis"]},
)
