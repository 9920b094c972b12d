"""The command line: `perelom`."""

import sys

from perelom.errors import PerelomError


def main() -> None:
    """Run the command line; an error that a user can act on is one message and exit code 2."""
    from perelom.cli.app import app
    from perelom.cli.output import complain

    try:
        app()
    except PerelomError as error:
        complain(error)
        sys.exit(2)
