"""A module imports only from the floors below its own."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "testamur"

FLOORS = [
    {"api", "cli", "conformance", "demo", "serve", "__main__"},
    {"issuer", "verifier", "wallet"},
    {"leaves", "vcalm"},
    {"serving"},
    {"console", "equipment"},
    {"cohort", "scanning", "rosters", "rows", "spreadsheets"},
    {"openid4vci", "openid4vp"},
    {"forming", "issuing", "publishing", "presenting", "verifying", "home", "backup", "ways"},
    {"store", "render", "vault"},
    {"checks"},
    {"status", "trust"},
    {"did"},
    {"proofs", "credentials"},
    {"jsonld", "keys", "papercode"},
    {
        "errors",
        "encoding",
        "jsontext",
        "times",
        "canonical",
        "cbor",
        "fetch",
        "contexts",
        "display",
        "files",
        "crashpoints",
        "stencils",
        "pointers",
        "pool",
        "web",
        "words",
    },
]
SHARED_FLOORS = (0, 5, 7, 8, 10, 12, 13, 14)  # whose rooms may use one another, without a circle
STRANGERS = {
    ("proofs", "credentials"),
    ("credentials", "proofs"),
    ("issuer", "verifier"),
    ("verifier", "issuer"),
}
DOORS = {
    "pyld": {"jsonld"},
    "msgspec": {"jsontext"},
    "httpx": set(),
    "httpcore": {"fetch"},
    "cryptography": {"keys", "fetch"},
    "nacl": {"keys", "vault"},
    "jwcrypto": {"keys"},
    "shamir_mnemonic": {"vault"},
    "cbor2": {"cbor"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "typst": {"render"},
    "qrcode": {"render"},
    "pypdf": {"scanning", "render", "demo"},
    "pypdfium2": {"scanning", "render", "demo"},
    "zxingcpp": {"scanning", "render"},
    "PIL": {"scanning", "render", "demo"},
    "jsonschema_rs": {"credentials"},
    "jsonschema": {"credentials"},
    "openpyxl": {"spreadsheets"},
    "python_calamine": {"spreadsheets"},
    "psycopg": {"store"},
    "procrastinate": {"cohort"},
    "click": {
        "api",
        "cli",
        "conformance",
        "console",
        "demo",
        "issuer",
        "serve",
        "serving",
        "verifier",
        "wallet",
    },
    "fastapi": {"api", "issuer", "leaves", "vcalm", "verifier", "wallet"},
    "uvicorn": {"serving"},
    "jinja2": {"leaves"},
    "authlib": {"issuer"},
    "joserfc": {"issuer"},
    "pyotp": {"issuer"},
    "webauthn": {"issuer"},
    "babel": {"words"},
    "py_arkworks_bls12381": {"keys"},
}


def room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0].removesuffix(".py")


def floor(name: str) -> int:
    for number, rooms in enumerate(FLOORS):
        if name in rooms:
            return number
    raise AssertionError(f"testamur/{name} stands on no floor: add it to FLOORS")


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            base = node.module or ""
            names.update(f"{base}.{alias.name}" for alias in node.names)
    return names


FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_floors_below_its_own(path: Path) -> None:
    here = room(path)
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top == "testamur" and rest:
            there = rest.split(".")[0]
            if there in {here, "__version__"}:
                continue
            assert floor(there) >= floor(here), f"{here} imports {there}, which stands above it"
            assert (here, there) not in STRANGERS, f"{here} and {there} are strangers"
            if floor(there) == floor(here):
                assert floor(here) in SHARED_FLOORS, f"{here} imports {there} on its own floor"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_an_outside_package_is_used_behind_its_one_door(path: Path) -> None:
    for name in imports(path):
        top = name.split(".")[0]
        if top in DOORS:
            assert room(path) in DOORS[top], f"{path.name} imports {top}; its door is {sorted(DOORS[top])}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_is_short_enough_to_be_read(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400
