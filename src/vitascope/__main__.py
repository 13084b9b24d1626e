"""`python -m vitascope` is the command `vitascope`."""

from vitascope.cli.main import run

if __name__ == "__main__":
    run()
