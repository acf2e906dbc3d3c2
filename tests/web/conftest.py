"""The parts of the page that come from npm are there for these tests, as they are in what is built."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tools"))

from web_parts import bring_all  # noqa: E402

MISSING = bring_all()
