"""Alembic's scripts: how the tables came to be, step by step."""

HEAD = "0004"
"""The newest step."""

VERSION_TABLE = "vitascope_version"
"""Where a database says which step it is at."""
