"""What browsers are served: every file has its type, and names only files that are there."""

import re
from posixpath import dirname, join, normpath

import pytest

from testamur.web import WebFile, missing_parts, web_files

WRITTEN_BY_PUBLISH = {"trust.json", "vocabulary_1.bin"}
FILES = {file.path: file for file in web_files()}
NAMED = re.compile(r"""(?:from |import\(|url\(|new URL\()["'](\.?[\w./-]+)["']""")


def test_nothing_was_left_out_of_the_page() -> None:
    assert missing_parts() == ()


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.endswith((".js", ".css")) and not path.startswith("parts/")]
)
def test_a_file_names_only_files_that_are_served(path: str) -> None:
    named = {normpath(join(dirname(path), name)) for name in NAMED.findall(FILES[path].data.decode())}
    assert named - WRITTEN_BY_PUBLISH <= FILES.keys()


@pytest.mark.parametrize("path", [path for path in FILES if not path.startswith("parts/")])
def test_our_own_files_call_nobody(path: str) -> None:
    addresses = re.findall(rb"https?://[^\s\"'`)]+", FILES[path].data)
    assert {address for address in addresses if b"www.w3.org/" not in address} == set()


def test_a_digest_is_the_one_browsers_compute() -> None:
    assert WebFile("x.js", b"hello").integrity == "sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="
    assert WebFile("x.js", b"").media_type.startswith("text/javascript")
