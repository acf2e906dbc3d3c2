"""``python -m testamur``."""

from testamur.cli import main

if __name__ == "__main__":
    main()
