from setuptools import find_packages, setup

setup(name="django-shop", version="1.2", packages=find_packages(), install_requires=["Django>=3.2"])
