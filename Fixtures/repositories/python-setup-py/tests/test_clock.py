import shutil
import subprocess
import unittest
from distutils import version

from old_timer import clock
from helpers import anything


class ClockTest(unittest.TestCase):
    def test_it(self):
        subprocess.check_output(["git", "--version"])
        shutil.which("ffmpeg")
