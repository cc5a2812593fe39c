import os
from typing import TYPE_CHECKING

import pytest
import redis
import yaml

import lamp_post

try:
    import numpy
except ImportError:
    numpy = None

if TYPE_CHECKING:
    import pandas


def test_light(mocker, tmp_path):
    import shapely
