"""After a hundred checks nothing of them is on disk, in a log or in what the program said."""

import base64
import json
import os
import re
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from testamur import papercode
from testamur.trust import add_issuer
from tests.mirrors import write_mirror
from tests.scanning import papers
from tests.served import Served
from tests.town import Town
from tests.verifier import canaries

NAMES = ["Zyxwvut Qanarjanskaja", "ካናሪ ወፍ ምልክት", "كناري علامة فريدة", "Kanarienvogel-Müßiggang"]


@pytest.mark.parametrize(
    "hide",
    [
        lambda name: name.encode(),
        lambda name: name.encode("utf-16-le"),
        lambda name: base64.b64encode(b"ab" + name.encode() + b"cdefg"),
        lambda name: base64.urlsafe_b64encode(b"a" + name.encode() + b"cdefg"),
        lambda name: json.dumps({"x": name}).encode(),
        lambda name: b"head" + zlib.compress(name.encode()),
        lambda name: b"head" + canaries.packed(b"x" + name.encode()),
        lambda name: papers.archive(a__txt=name.encode()),
    ],
    ids=["raw", "utf-16", "base64", "base64url", "escaped", "deflated", "gzipped", "zipped"],
)
@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_was_kept_would_be_found(tmp_path, name, hide):
    (tmp_path / "file").write_bytes(b"before" + hide(name) + b"after")
    assert canaries.left_in(tmp_path, NAMES)
    assert not canaries.left_in(tmp_path, ["somebody else"])


def desk(folder: Path, town: Town) -> None:
    """The files of an operator: a trust file and a copy of what the school publishes."""
    write_mirror(town.school, folder / "public")
    (folder / "trusted.toml").write_text(add_issuer("", town.school.trusted()))
    (folder / "passphrase").write_text("correct horse battery\n")


def ask(app: Served, town: Town, number: int) -> None:
    """One check through one of the doors."""
    name = NAMES[number % len(NAMES)]
    document = town.school.diploma(name, index=number + 20, latin="")
    full, paper = town.school.issue(document).text.encode(), town.school.issue_paper(document).text
    code = papercode.encode(paper, papers.HOST)
    html = {"accept": "text/html"}
    match number % 10:
        case 0:
            photo = papers.photographed(papers.page(papers.code(code)))
            answer = app.send("/", [("file", f"{name}.jpg".encode().decode("latin-1"), photo)], **html)
        case 1:
            padded = papers.pdf(papers.page(papers.code(code)), attachments={"diploma.json": full})
            answer = app.send("/verify", [("file", "a.pdf", padded)])
        case 2:
            answer = app.send("/verify", [("file", "a.zip", papers.archive(a__json=full, b__json=full))])
        case 3:
            answer = app.send("/", [("text", "", paper.encode())], **html)
        case 4:
            answer = app.send("/look", [("file", "a.json", full), ("file", "b.json", full)])
        case 5:
            answer = app.post("/frame", papers.photographed(papers.page(papers.code(code))), "image/jpeg")
        case 6:
            answer = app.send(
                "/verify", [("file", "large.json", b" " * 3_000_000 + full)]
            )  # beyond what is held in memory
        case 7:
            page = app.send("/", [("file", "a.json", full)], **html)
            slips = re.findall(r'name="slips" value="([^"]*)"', page.text)
            answer = app.send("/spreadsheet", [("slips", "", slips[0].encode())])
            assert app.send("/receipt", [("slips", "", slips[0].encode())]).status == 200
        case 8:
            answer = app.post("/verify", full.replace(b"17.5", b"19.5"), "application/vc")
        case _:
            answer = app.post("/verify", full, "application/vc")
    assert answer.status == 200, answer.text


def open_files(pid: int) -> list[str]:
    """What the process and its children have open, files without a name among them."""
    children = subprocess.run(["ps", "--ppid", str(pid), "-o", "pid="], capture_output=True, text=True)
    found = []
    for each in (str(pid), *children.stdout.split()):
        for entry in Path(f"/proc/{each}/fd").iterdir():
            try:
                found.append(str(entry.readlink()))
            except OSError:
                continue
    return found


def test_a_hundred_checks_leave_no_name_on_disk_in_logs_or_in_what_was_said(tmp_path):
    town = Town()
    desk(tmp_path, town)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary)) | dict.fromkeys(
        ("HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"), str(tmp_path)
    )
    said = tmp_path / "said.log"
    with said.open("w") as log:
        process = subprocess.Popen(
            [
                sys.executable, "-m", "testamur", "serve", "verifier", "--port", "0", "--rate", "0",
                "--trust", "trusted.toml", "--mirror", "public", "--max-age", "3650d",
                "--receipt-key", "office.key", "--passphrase-file", "passphrase",
            ],
            cwd=tmp_path, stdout=log, stderr=log, env={**os.environ, **places},
        )  # fmt: skip
        try:
            app = Served(_port(said))
            for number in range(100):
                ask(app, town, number)
            assert not [name for name in open_files(process.pid) if "(deleted)" in name and "/tmp" in name]
            assert canaries.left_in(tmp_path, NAMES) == []
        finally:
            process.terminate()
            process.wait(20)
    assert canaries.left_in(tmp_path, NAMES) == []
    assert list(temporary.iterdir()) == []
    assert len(said.read_text().splitlines()) <= 4


def _port(said: Path) -> int:
    """The port that the program told, as soon as it is told."""
    import time

    for _ in range(600):
        told = re.search(r"answers at http://127\.0\.0\.1:(\d+)", said.read_text())
        if told:
            return int(told[1])
        time.sleep(0.1)
    raise AssertionError(said.read_text())
