import nox

PYTHONS = ["3.9", "3.12"]


@nox.session
def lint(session):
    session.install("flake8")
    session.run("flake8")


@nox.session(python=PYTHONS)
def unit(session):
    """Runs the tests."""
    session.install("-r", "requirements-test.txt")
    session.install(".[fast]", "pytest-timeout")
    session.run("pytest", "--timeout=10", *session.posargs)
