"""``testamur offer``: links for one record and for a batch, and their end."""

import csv
import re
import stat
from pathlib import Path

from pypdf import PdfReader

from tests.issuer.conftest import ISSUE

URL = ("--url", "https://desk.example")


def test_a_record_is_offered_by_a_link_with_a_code_beside_it(desk) -> None:
    assert desk.type(*ISSUE, "--out", "out") == 0
    assert desk.type("offer", "V-2", "--tx-code", "--qr", "code.svg", *URL) == 0
    link, code = desk.out.split()
    assert re.fullmatch(r"https://desk\.example/claim/home/[\w-]{32}", link)
    assert re.fullmatch(r"\d{6}", code)
    assert "<svg" in Path("code.svg").read_text()
    assert desk.type("offer", "V-2", *URL) == 0
    assert len(desk.out.split()) == 1
    assert desk.type("offer", "V-2", "--withdraw") == 0
    assert "2 links withdrawn" in desk.err
    assert desk.type("offer", "V-2", "--withdraw") == 0
    assert "0 links withdrawn" in desk.err


def test_the_links_of_a_batch_go_into_a_file_for_its_owner_alone(desk) -> None:
    assert desk.type(*ISSUE, "--out", "out") == 0
    assert desk.type("revoke", "V-1", "--reason", "error") == 0
    assert desk.type("offer", "--batch", "graduates", "--tx-code", "--csv", "links.csv", *URL) == 0
    path = Path("links.csv")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    assert [(row["number"], row["name"]) for row in rows] == [("V-2", "សុខា សុខ"), ("V-3", "فاطمة المنصوري")]
    assert len({row["link"] for row in rows}) == 2
    assert all(row["wallet"].startswith("openid-credential-offer://?credential_offer_uri=") for row in rows)
    for codes in ([], ["--codes"]):
        assert desk.type("print", "graduates", "--slips", "links.csv", "--out", "slips.pdf", *codes) == 0
        text = "".join(page.extract_text() for page in PdfReader("slips.pdf").pages)
        assert [row["code"] in text for row in rows] == [bool(codes)] * 2


def test_what_cannot_be_offered_is_said(desk) -> None:
    assert desk.type(*ISSUE, "--out", "out") == 0
    assert desk.type("offer", "V-1") == 2
    assert "where learners find the desk" in desk.err
    assert desk.type("offer", "--batch", "graduates", *URL) == 2
    assert desk.type("offer", *URL) == 2
    assert desk.type("revoke", "V-1", "--reason", "error") == 0
    assert desk.type("offer", "V-1", *URL) == 2
    assert "revoked" in desk.err


def test_the_links_of_a_batch_end_also_where_a_record_is_not_valid_now(desk) -> None:
    assert desk.type(*ISSUE, "--out", "out") == 0
    assert desk.type("offer", "--batch", "graduates", "--csv", "links.csv", *URL) == 0
    assert desk.type("revoke", "V-1", "--reason", "error") == 0
    assert desk.type("offer", "--batch", "graduates", "--withdraw") == 0
    assert "3 links withdrawn" in desk.err
