"""A project without content."""
