from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext


class optional_build_ext(build_ext):
    def build_extension(self, extension):
        try:
            build_ext.build_extension(self, extension)
        except Exception:
            raise RuntimeError(extension.name)


def run_setup(with_binary):
    options = {}
    if with_binary:
        options["ext_modules"] = [Extension("faster._speedups", ["faster/_speedups.c"])]
        options["cmdclass"] = {"build_ext": optional_build_ext}
    setup(name="faster", version="1.0", packages=["faster"], **options)


try:
    run_setup(True)
except RuntimeError:
    run_setup(False)
