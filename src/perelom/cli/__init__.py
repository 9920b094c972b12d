"""The command line: `perelom`."""

import gc
import sys

from perelom.errors import PerelomError


def main() -> None:
    """Run the command line; an error that a user can act on is one message and exit code 2."""
    # Tracing makes hundreds of thousands of objects that stay: looking through them again and again
    # for garbage takes three quarters of a second of a run of 2,000 villages.
    gc.set_threshold(50_000, 20, 20)
    import typer

    from perelom.cli.app import app
    from perelom.cli.output import complain, usage_error

    try:
        code = app(args=sys.argv[1:] or ["--help"], standalone_mode=False)
    except PerelomError as error:
        complain(error)
        sys.exit(2)
    except typer.TyperException as error:
        complain(usage_error(error))
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)
