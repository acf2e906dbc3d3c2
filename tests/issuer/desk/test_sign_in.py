import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from testamur.issuer.desk.office import Office
from testamur.issuer.desk.signing_in import OF_ONE_PERSON
from tests.issuer.desk.offices import PASSWORD, Browser, add_person, desk_of, invitation, make_office
from tests.served import Served

CLERK = "clerk@north.example"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = make_office(tmp_path_factory.mktemp("desk") / "desk", "north", "south")
    add_person(office, CLERK, office.school("north"), "clerk")
    return office


@pytest.fixture(scope="module")
def served(office: Office) -> Iterator[Served]:
    with desk_of(office) as served:
        yield served


def test_nobody_comes_in_without_a_session(served: Served) -> None:
    for path in ("/", "/schools/north", "/schools/nowhere"):
        answer = Browser(served).get(path)
        assert (answer.status, answer.headers["location"]) == (303, "/sign-in")


def test_a_clerk_signs_in_and_sees_the_own_school_only(served: Served) -> None:
    browser = Browser(served)
    answer = browser.sign_in(CLERK)
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=lax" in answer.headers["set-cookie"]
    page = browser.follow(browser.get("/"))
    assert "North College" in page.text
    assert browser.get("/schools/south").status == 404


@pytest.mark.parametrize(
    ("email", "password"), [(CLERK, "wrong password"), ("nobody@north.example", PASSWORD)]
)
def test_whether_an_address_is_known_cannot_be_told(served: Served, email: str, password: str) -> None:
    answer = Browser(served).sign_in(email, password)
    assert answer.status == 403
    assert "The address or the password is wrong." in answer.text


def test_a_form_of_another_site_is_refused(served: Served) -> None:
    browser = Browser(served)
    for site in ("cross-site", "same-site", "none"):
        fields = {"email": CLERK, "password": PASSWORD}
        answer = browser.post("/sign-in", fields, **{"sec-fetch-site": site})
        assert answer.status == 403
        assert "set-cookie" not in answer.headers


def test_a_form_without_the_mark_of_its_session_is_refused(served: Served) -> None:
    browser = Browser(served)
    browser.sign_in(CLERK)
    assert browser.post("/sign-out", {"csrf": "another"}).status == 403
    assert browser.get("/schools/north").status == 200


def test_who_signed_out_is_out(served: Served) -> None:
    browser = Browser(served)
    browser.sign_in(CLERK)
    kept = dict(browser.cookies)
    assert browser.post("/sign-out").headers["location"] == "/sign-in"
    browser.cookies = kept
    assert browser.get("/schools/north").status == 303


def test_an_invitation_makes_a_person_once(served: Served, office: Office) -> None:
    school = office.school("south")
    assert school is not None
    link = invitation(office, "Registrar@South.example ", school, "registrar")
    browser = Browser(served)
    assert "South College" in browser.get(link).text
    weak = browser.post(link, {"name": "ሰላም", "password": "password1234"})
    assert weak.status == 400
    done = browser.post(link, {"name": "ሰላም", "password": "seven green boats"})
    assert done.status == 303
    assert "ሰላም" in browser.get("/schools/south").text
    assert Browser(served).get(link).status == 410
    assert Browser(served).post(link, {"name": "x", "password": "seven green boats"}).status == 410
    again = Browser(served)
    assert again.sign_in("registrar@south.example", "seven green boats").status == 303


def test_guessing_is_stopped_for_a_while(served: Served, office: Office) -> None:
    add_person(office, "guessed@north.example", office.school("north"), "clerk")
    browser = Browser(served)
    said = [browser.sign_in("guessed@north.example", f"guess {n}").status for n in range(OF_ONE_PERSON + 2)]
    assert said == [403] * OF_ONE_PERSON + [429, 429]
    assert browser.sign_in("guessed@north.example").status == 429
    assert browser.sign_in(CLERK).status == 303


def test_every_page_keeps_to_itself(served: Served) -> None:
    answer = Browser(served).get("/sign-in")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r"\son\w+=|<script(?! type=\"module\" src=)|style=", answer.text)


def test_a_single_home_is_a_desk_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from testamur.cli import run

    monkeypatch.setenv("TESTAMUR_PASSPHRASE", "ማር")
    home = str(tmp_path / "Valdoria 2")
    assert run(["--home", home, "init", "--name", "Valdoria", "--url", "https://valdoria.example"]) == 0
    office = Office.open(Path(home), "ማር")
    assert office.slugs == ["valdoria-2"]
    school = office.school("valdoria-2")
    assert school is not None
    assert school.signer().verification_method == "did:web:valdoria.example#key-1"
    assert office.school("other") is None
    office.close()
