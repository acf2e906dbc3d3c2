import csv
import io
import json
import subprocess
import sys

import pytest

from testamur import papercode
from testamur.jsontext import parse_object, write_json
from tests.scanning import papers
from tests.verifier.conftest import Desk


def test_a_genuine_diploma_exits_with_0_and_leads_with_the_answer(desk: Desk) -> None:
    assert desk.verify(desk.put("d.json", desk.town.school.issue().text)) == 0
    assert desk.out.startswith("GENUINE")
    assert "ሰላም ተስፋዬ" in desk.out
    assert desk.err == ""


def test_every_way_a_diploma_reaches_an_employer_gives_the_same_answer(desk: Desk) -> None:
    paper = desk.town.school.issue_paper()
    code = papercode.encode(paper.text, papers.HOST)
    photo = papers.photographed(papers.page(papers.code(code)))
    sources = [
        desk.put("token.jwt", paper.text),
        desk.put("photo.jpg", photo),
        desk.put("scan.pdf", papers.pdf(papers.page(papers.code(code)))),
        desk.put("all.zip", papers.archive(a__jpg=photo)),
        paper.text,
        code,
    ]
    assert desk.verify(*sources) == 0
    assert desk.out.count("GENUINE") == 6


def test_a_revoked_diploma_exits_with_1_and_says_why(desk: Desk) -> None:
    desk.town.school.set_bits["revocation"][7] = "issued_in_error"
    desk.town.school.publish()
    desk.publish()
    assert desk.verify(desk.put("d.json", desk.town.school.issue().text)) == 1
    assert desk.out.startswith("REVOKED")
    assert "it was issued by mistake" in desk.out


def test_a_school_that_is_not_listed_exits_with_3(desk: Desk) -> None:
    desk.put("trusted.toml", "")
    assert desk.verify(desk.put("d.json", desk.town.school.issue().text)) == 3
    assert desk.out.startswith("ISSUER UNLISTED")


def test_offline_an_answer_needs_a_kept_list(desk: Desk) -> None:
    source = desk.put("d.json", desk.town.school.issue().text)
    assert desk.run("verify", source, "--trust", "trusted.toml", "--offline", "--at", "2026-09-01") == 3
    assert "working offline" in desk.out
    assert "passed  proof" in desk.out


@pytest.mark.parametrize(
    ("kinds", "code"),
    [("g", 0), ("gu", 3), ("gn", 2), ("un", 2), ("gun", 2), ("gunf", 1), ("gf", 1), ("uf", 1), ("n", 2)],
)
def test_of_several_inputs_the_worst_decides_the_exit_code(desk: Desk, kinds: str, code: int) -> None:
    school = desk.town.school
    unknown = parse_object(school.issue().text)
    unknown["proof"]["cryptosuite"] = "quantum-2031"
    inputs = {
        "g": school.issue().text,
        "u": write_json(unknown),
        "n": "Dear Sir or Madam",
        "f": school.issue().text.replace("17.5 of 20", "19.5 of 20"),
    }
    assert desk.verify(*(desk.put(f"{kind}.json", inputs[kind]) for kind in kinds)) == code


def test_json_gives_one_object_for_each_record_a_line_each(desk: Desk) -> None:
    genuine = desk.put("a.json", desk.town.school.issue().text)
    forged = desk.put("b.json", desk.town.school.issue().text.replace("17.5", "19.5"))
    assert desk.verify(genuine, forged, "--json") == 1
    first, second = map(json.loads, desk.out.splitlines())
    assert (first["verdict"], second["verdict"]) == ("accepted", "rejected")
    assert first["source"].endswith("a.json")
    assert [check["name"] for check in first["checks"]] == [
        "form", "proof", "dates", "status", "schema", "issuer", "holder",
    ]  # fmt: skip
    assert first["credential"]["credentialSubject"]["licenseNumber"] == "VU-2026-0007"


def test_json_on_a_terminal_hides_nothing_and_means_the_same(desk: Desk) -> None:
    name = "Ana\u202e\u2066 ណា"
    desk.verify(desk.put("a.json", desk.town.school.issue(desk.town.school.diploma(name)).text), "--json")
    assert "\u202e" not in desk.out
    assert json.loads(desk.out)["facts"]["holder"] == name


def test_a_folder_gives_a_line_for_each_record_and_the_totals(desk: Desk) -> None:
    for index in (7, 8):
        desk.put(f"out/{index}.json", desk.town.school.issue(desk.town.school.diploma(index=index)).text)
    desk.put("out/readme.txt", "Diplomas of 2026")
    desk.put("out/.hidden", "\0")
    assert desk.verify(str(desk.folder / "out")) == 0
    assert desk.out.count("genuine") == 2
    assert "2 records: 2 genuine" in desk.err


def test_the_spreadsheet_runs_no_formula_and_names_the_reasons(desk: Desk) -> None:
    name = "=HYPERLINK(1)"
    source = desk.put("a.json", desk.town.school.issue(desk.town.school.diploma(name)).text)
    bad = desk.put("b.json", desk.town.school.issue().text.replace("17.5", "19.5"))
    assert desk.verify(source, bad, "--csv", str(desk.folder / "s.csv")) == 1
    rows = list(csv.DictReader(io.StringIO((desk.folder / "s.csv").read_text("utf-8-sig"))))
    assert [row["headline"] for row in rows] == ["genuine", "not_genuine"]
    assert rows[0]["name"] == "'=HYPERLINK(1)"
    assert rows[1]["reasons"]


def test_standard_input_is_read(desk: Desk) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "testamur", "verify", "-", "--trust", "trusted.toml", "--mirror", "public"],
        input=desk.town.school.issue().text.encode(),
        capture_output=True,
        cwd=desk.folder,
        check=False,
        timeout=60,
    )
    assert b"GENUINE" in process.stdout or b"CANNOT TELL" in process.stdout
    assert b"Traceback" not in process.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["missing.json"],
        ["d.json", "--at", "yesterday"],
        ["d.json", "--max-age", "long"],
        ["d.json", "--trust", "missing.toml"],
        ["d.json", "--home", "nowhere"],
        ["https://127.0.0.1/d.json"],
        ["a\0b"],
        [],
    ],
)
def test_wrong_usage_exits_with_2_and_a_sentence(desk: Desk, arguments: list[str]) -> None:
    desk.put("d.json", desk.town.school.issue().text)
    assert desk.run("verify", *arguments) == 2
    assert desk.out == ""
    assert "error" in desk.err.lower()


def test_trust_is_added_listed_and_removed(desk: Desk) -> None:
    did, file = desk.town.school.did, str(desk.folder / "mine.toml")
    document = desk.put(
        "did.json", desk.town.web.pages[f"https://{desk.town.school.host}/.well-known/did.json"]
    )
    added = ["trust", "add", did, "--name", "Universidad de Valdoria", "--to", file, "--from-file", document]
    assert desk.run(*added) == 0
    assert "compare the keys" in desk.err
    assert desk.run("trust", "list", "--from", file) == 0
    assert "Universidad de Valdoria  did:web:diplomas.valdoria.example" in desk.out
    assert desk.run("trust", "remove", did, "--from", file) == 0
    assert desk.run("trust", "list", "--from", file) == 0
    assert desk.out == ""
    assert desk.run("trust", "remove", did, "--from", file) == 2


def test_the_document_of_another_issuer_is_not_pinned_under_a_name(desk: Desk) -> None:
    document = desk.put(
        "did.json", desk.town.web.pages[f"https://{desk.town.school.host}/.well-known/did.json"]
    )
    added = [
        "trust",
        "add",
        "did:web:other.example",
        "--name",
        "Other",
        "--to",
        "t.toml",
        "--from-file",
        document,
    ]
    assert desk.run(*added) == 2


def test_asking_for_help_loads_nothing_heavy() -> None:
    script = (
        "import sys, testamur.verifier.commands; "
        "heavy = {'pyld', 'cryptography', 'PIL', 'pypdf', 'pypdfium2', 'zxingcpp', 'typst', 'httpx', 'sqlalchemy'}; "
        "sys.exit(bool(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False, timeout=60).returncode == 0
