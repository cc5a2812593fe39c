import os
import sys

from setuptools import Extension, find_packages, setup

here = os.path.dirname(__file__)


def read(name):
    with open(os.path.join(here, name)) as stream:
        return stream.read()


REQUIRES = ["six"]
if sys.version_info < (3, 4):
    REQUIRES.append("enum34")
else:
    REQUIRES += ["attrs>=20"]

tests = [
    "pytest",  # runs them
    "mock; python_version < '3.3'",
]
extras = {"test": tests}
extras["docs"] = ["sphinx"]

metadata = dict(name="old-timer", version="1.2")

setup(
    packages=find_packages(),
    install_requires=REQUIRES + read("requirements.txt").splitlines(),
    tests_require=tests,
    extras_require=extras,
    python_requires=">=3.6",
    ext_modules=[
        Extension("old_timer._clock", ["src/clock.cpp"], libraries=["z", "m"], language="c++"),
    ],
    classifiers="""
        Programming Language :: Python :: 3.8
        Programming Language :: Python :: 3.9
    """.splitlines(),
    **metadata
)
