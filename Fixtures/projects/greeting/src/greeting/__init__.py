"""Greets people."""

from markupsafe import escape


def greet(name: str) -> str:
    """The greeting of a person as a paragraph of HTML."""
    return f"<p>Hello, {escape(name)}!</p>"
