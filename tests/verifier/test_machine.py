"""``POST /verify``: what a program sends and is told."""

import json
from dataclasses import replace

import jsonschema
import pytest

from testamur import papercode
from testamur.errors import EvidenceUnusable, Malformed
from testamur.serving import Bounds
from testamur.verifier.described import VERIFY
from tests.scanning import papers
from tests.town import Town
from tests.verifier.app_desk import office_of, verifying_app
from tests.verifier.conftest import Desk

ANSWER = VERIFY["responses"]["200"]["content"]["application/json"]["schema"]


@pytest.fixture(scope="module")
def town() -> Town:
    return Town()


@pytest.fixture(scope="module")
def app(town):
    with verifying_app(town) as served:
        yield served


def test_the_report_is_the_one_that_the_command_line_gives(desk: Desk, app):
    text = desk.town.school.issue().text
    answer = app.send("/verify", [("file", "d.json", text.encode())]).json
    jsonschema.validate(answer, ANSWER)
    assert (answer["verdict"], answer["headline"]) == ("accepted", "genuine")
    desk.put("d.json", text)
    assert desk.run(
        "verify", "d.json", "--json", "--max-age", "3650d", "--trust", "trusted.toml", "--mirror", "public",
        "--at", "2026-09-01T12:00:00Z",
    ) == 0  # fmt: skip
    assert answer["files"][0]["reports"] == [json.loads(desk.out)]


def test_every_door_leads_to_the_same_answer(town, app):
    paper = town.school.issue_paper()
    code = papercode.encode(paper.text, papers.HOST)
    photo = papers.photographed(papers.page(papers.code(code)))
    for answer in (
        app.post("/verify", paper.text, "application/vc+jwt"),
        app.post("/verify", town.school.issue().text, "application/json"),
        app.post("/verify", photo, "image/jpeg"),
        app.post("/verify", json.dumps({"sources": [code]}), "application/json"),
        app.post("/verify", "text=" + code, "application/x-www-form-urlencoded"),
        app.send("/verify", [("text", "", paper.text.encode())]),
        app.send("/verify", [("file", "photos.zip", papers.archive(a__jpg=photo, b__jpg=photo))]),
    ):
        assert answer.status == 200, answer.text
        assert answer.json["headline"] == "genuine"


def test_an_address_is_opened_and_a_private_one_or_none_is_not(town, app):
    town.web.pages["https://jobs.example/d.json"] = town.school.issue().text.encode()
    asked = json.dumps({"sources": ["https://jobs.example/d.json"]})
    assert app.post("/verify", asked, "application/json").json["headline"] == "genuine"
    asked = json.dumps({"sources": ["https://nowhere.example/d.json"]})
    answer = app.post("/verify", asked, "application/json")
    assert answer.status == 422
    assert "could not be reached" in answer.json["detail"]


def test_one_request_cannot_have_a_thousand_addresses_opened_or_texts_answered(town, app):
    for texts in (["https://jobs.example/d.json"] * 1000, ["x"] * 300_000):
        answer = app.post("/verify", json.dumps({"sources": texts}), "application/json")
        assert answer.status == 422
        assert "too many at once" in answer.json["detail"]
        assert len(answer.body) < 1000
    form = "&".join(["text=x"] * 1000)
    assert app.post("/verify", form, "application/x-www-form-urlencoded").status == 422


def test_the_addresses_of_one_request_share_one_size_and_one_time(town, monkeypatch):
    desk = office_of(town).desk
    town.web.pages["https://jobs.example/large"] = b"x" * 600
    monkeypatch.setattr("testamur.verifier.desk._MAX_OPENED", 1000)
    assert len(desk.opened(["https://jobs.example/large"])) == 1
    with pytest.raises(EvidenceUnusable):
        desk.opened(["https://jobs.example/large"] * 2)
    with pytest.raises(Malformed, match="too long to open"):
        replace(desk, seconds=-1.0).opened(["https://jobs.example/large"])


def test_lines_come_one_for_each_file(town, app):
    parts = [("file", "a.json", town.school.issue().text.encode()), ("file", "b.txt", b"nothing")]
    answer = app.send("/verify", parts, accept="application/jsonl")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.headers["content-type"].startswith("application/jsonl")
    assert [line["name"] for line in lines] == ["a.json", "b.txt"]
    assert lines[0]["reports"][0]["verdict"] == "accepted"
    assert lines[1]["error"]


def test_one_that_could_not_be_read_among_others_leaves_the_whole_undecided(town, app):
    parts = [("file", "a.json", town.school.issue().text.encode()), ("file", "b.txt", b"nothing")]
    assert app.send("/verify", parts).json["verdict"] == "undecided"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b'{"sources": [1]}'),
        ("application/json", b'{"sources": []}'),
        ("application/json", b'{"sources": ["https://127.0.0.1/x"]}'),
        ("application/json", b""),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--y\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\ncontent-disposition: form-data\r\n\r\n\r\n--x--"),
        ("application/x-www-form-urlencoded", b"text=%00%ff"),
        ("image/png", b"\x89PNG\r\n\x1a\n"),
        ("nonsense", b"\xff" * 100),
    ],
)
def test_what_is_no_question_is_refused_in_problem_details(app, kind, body):
    answer = app.post("/verify", body, kind)
    assert answer.status in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["detail"]


def test_a_body_that_is_too_long_and_a_caller_who_asks_too_often_are_told_so(town):
    with verifying_app(town, bounds=Bounds(max_body=1000), rate=2) as app:
        assert app.post("/verify", b"x" * 2000, "text/plain").status == 413
        assert app.post("/verify", b"x", "text/plain").status == 422
        answer = app.post("/verify", b"x", "text/plain")
    assert answer.status == 429
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json["status"] == 429


def test_the_openapi_document_describes_it(app):
    document = app.get("/openapi.json").json
    answers = document["paths"]["/verify"]["post"]["responses"]
    assert set(answers) == {"200", "400", "408", "413", "422", "429"}
    assert "multipart/form-data" in document["paths"]["/verify"]["post"]["requestBody"]["content"]
