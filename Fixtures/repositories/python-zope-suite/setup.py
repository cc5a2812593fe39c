from setuptools import find_packages, setup

setup(
    name="parcel",
    version="0.3",
    package_dir={"": "src"},
    packages=find_packages("src"),
    extras_require={"test": ["zope.testrunner", "manuel"]},
)
