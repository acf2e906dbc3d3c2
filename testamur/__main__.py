"""``testamur`` and ``python -m testamur``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line, or say what has to be installed for it."""
    try:
        from testamur.cli import main as run
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        sys.stderr.write("error: only the library is installed here\nhint: pip install 'testamur[cli]'\n")
        sys.exit(2)
    run()


if __name__ == "__main__":
    main()
