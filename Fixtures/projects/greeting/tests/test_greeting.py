import os
import pwd

import pytest

from greeting import greet


@pytest.mark.parametrize(("name", "expected"), [("Ada", "Ada"), ("<b>", "&lt;b&gt;")])
def test_escapes_names(name: str, expected: str) -> None:
    assert greet(name) == f"<p>Hello, {expected}!</p>"


def test_runs_as_an_account_of_the_image() -> None:
    assert pwd.getpwuid(os.getuid()).pw_name in {"root", "user"}
