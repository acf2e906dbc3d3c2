"""The command starts light: what only some commands need is imported when they run."""

import subprocess
import sys

HEAVY = (
    "PIL", "alembic", "cryptography", "httpcore", "jsonschema_rs", "msgspec", "nacl", "openpyxl", "psycopg", "pyld",
    "pypdf", "pypdfium2", "python_calamine", "qrcode", "sqlalchemy", "tomlkit", "typst", "zxingcpp",
    "testamur.issuer", "testamur.verifier", "testamur.credentials", "testamur.keys", "testamur.store",
)  # fmt: skip


def loaded(arguments: str) -> set[str]:
    """The modules that are there once ``testamur`` has run with these arguments."""
    code = f"import sys; from testamur.cli import run; run({arguments}); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_help_imports_nothing_heavy():
    assert not loaded("['--help']") & set(HEAVY)


def test_an_unknown_command_is_refused_without_importing_anything_heavy():
    assert not loaded("['isue', 'graduates.csv']") & set(HEAVY)


def test_what_is_loaded_is_seen_by_this_test():
    assert {"testamur.issuer", "testamur.home"} <= loaded("['list', '--home', 'nowhere']")
