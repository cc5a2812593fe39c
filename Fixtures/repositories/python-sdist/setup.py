from setuptools import setup
from meta import everything
setup(**everything)
