"""No organisation sees another: every route is walked by somebody who may do everything in another school."""

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute, APIRouter

from testamur.issuer.desk.office import Office
from testamur.issuer.desk.parts import PARTS
from testamur.issuer.desk.permissions import MAY, Act, Role
from testamur.issuer.desk.visits import Member, operator, signed_in
from testamur.leaves import static_routes
from testamur.store.desk import jobs, sheets
from tests.issuer.conftest import SHEET
from tests.issuer.desk.offices import Browser, add_person, desk_of, issue_sheet, let_work, make_office
from tests.served import Served

NAMES = ("Inés Quiroga", "សុខា សុខ", "فاطمة المنصوري", "al-Mansuri", "North College", "clerk@north.example")
OPEN = {
    "/sign-in", "/sign-out", "/join/{token}", "/renew/{token}", "/second-factor", "/account/second-factor",
    "/account/passkeys", "/account/passkeys/question", "/passkey", "/passkey/question", "/openid/callback", "/openid/{number}", "/{place:path}",
}  # fmt: skip
"""What is reached before somebody is signed in; each of these asks in its own way."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = make_office(
        tmp_path_factory.mktemp("desk") / "desk", "north", "south", templates=["diploma", "badge"]
    )
    add_person(office, "clerk@north.example", office.school("north"), *Role)
    add_person(office, "spy@south.example", office.school("south"), *Role)
    add_person(office, "operator@ministry.example", None, operator=True)
    return office


@pytest.fixture(scope="module")
def served(office: Office) -> Iterator[Served]:
    with desk_of(office) as served:
        yield served


@pytest.fixture(scope="module")
def places(served: Served, office: Office) -> dict[str, str]:
    """What the north has, by the names that addresses call it."""
    clerk = Browser(served)
    clerk.sign_in("clerk@north.example")
    clerk.get("/schools/north")
    issue_sheet(office, clerk, "north", "diploma", SHEET, "June")
    clerk.post("/schools/north/batches/files", {"name": "June", "kind": "zip"})
    parts = [("template", "", b"diploma"), ("file", "july.csv", SHEET.replace("V-", "J-").encode())]
    clerk.send("/schools/north/sheets/new", parts)
    school = office.school("north")
    assert school is not None
    let_work(office)
    with office.people.reading() as connection:
        sheet = sheets.listed(connection, school.did)[0].id
        job = jobs.newest(connection, school.did, "zip", "June")
    assert job is not None
    record = next(school.ledger.each(school.did)).id.removeprefix("urn:uuid:")
    return {
        "sheet": sheet, "job": job.id, "record": record, "number": "1", "row": "1", "name": "diploma",
        "person": "1", "kind": "pdf",
    }  # fmt: skip


def _routes(office: Office) -> list[APIRoute]:
    routers = [make(office) for make in (*PARTS, lambda _: static_routes("testamur.issuer.desk"))]
    return [route for router in routers for route in _within(router)]


def _within(router: APIRouter) -> Iterator[APIRoute]:
    """The routes of a router and of those it includes."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        elif isinstance(inner := getattr(route, "original_router", None), APIRouter):
            yield from _within(inner)


def _doors(route: APIRoute) -> list[object]:
    return [dependency.call for dependency in route.dependant.dependencies]


def test_every_route_of_an_organisation_asks_who_may(office: Office) -> None:
    seen = 0
    for route in _routes(office):
        doors = _doors(route)
        if route.path.startswith("/schools/{slug}"):
            seen += 1
            assert any(isinstance(door, Member) for door in doors), route.path
        elif route.path not in OPEN and not route.path.startswith(CLAIMS):
            assert signed_in in doors or operator in doors, route.path
    assert seen > 40


CLAIMS = ("/claim/", "/claims/", "/.well-known/")
"""What learners and their wallets reach; it is tested with OpenID4VCI."""


def test_somebody_of_another_school_finds_nothing(
    served: Served, office: Office, places: dict[str, str]
) -> None:
    spy = Browser(served)
    spy.sign_in("spy@south.example")
    spy.get("/schools/south")
    walked = 0
    for route in _routes(office):
        if not route.path.startswith("/schools/{slug}"):
            continue
        for method in sorted(route.methods - {"HEAD"}):
            path = route.path.format(slug="north", **places)
            fields = {
                "name": "June",
                "reason": "withdrawn",
                "kind": "zip",
                "q": "Fatima",
                "email": "x@y.example",
            }
            answer = spy.get(path) if method == "GET" else spy.post(path, fields)
            assert answer.status == 404, f"{method} {path}: {answer.status}"
            assert not [name for name in NAMES if name in answer.text], path
            walked += 1
    assert walked > 40


def test_what_one_school_has_is_not_found_under_the_address_of_another(
    served: Served, office: Office, places: dict[str, str]
) -> None:
    spy = Browser(served)
    spy.sign_in("spy@south.example")
    spy.get("/schools/south")
    for route in _routes(office):
        if not route.path.startswith("/schools/{slug}") or not {"sheet", "job", "record", "number"} & set(
            route.param_convertors
        ):
            continue
        for method in sorted(route.methods - {"HEAD"}):
            path = route.path.format(slug="south", **places)
            answer = spy.get(path) if method == "GET" else spy.post(path, {"reason": "withdrawn"})
            dropped = (
                path.endswith("/drop") or "/drafts/" in path
            )  # no error, and nothing of the north is touched
            assert answer.status in ((303, 404, 409) if dropped else (404,)), (
                f"{method} {path}: {answer.status}"
            )
            assert not [name for name in NAMES if name in answer.text], path
    searched = spy.post("/schools/south/records", {"q": "Fatima"})
    assert "al-Mansuri" not in searched.text
    assert spy.post("/schools/south/people/1", {"role": "clerk"}).status == 404
    north = office.school("north")
    assert north is not None
    assert {record.state for record in north.ledger.each(north.did)} == {"valid"}
    with office.people.reading() as connection:
        assert sheets.find(connection, north.did, places["sheet"]) is not None


def test_an_operator_founds_organisations_and_sees_no_records(
    served: Served, office: Office, places: dict[str, str]
) -> None:
    browser = Browser(served)
    browser.sign_in("operator@ministry.example")
    assert "North College" in browser.get("/organisations").text
    assert browser.get("/schools/north").status == 404
    assert browser.get(f"/schools/north/records/{places['record']}").status == 404
    fields = {
        "slug": "east",
        "name": "East College",
        "url": "https://east.example",
        "email": "head@east.example",
    }
    founded = browser.post("/organisations", fields)
    assert "/join/" in founded.text
    assert office.school("east") is not None
    again = browser.post("/organisations", fields)
    assert again.status == 400
    for slug in ("../west", "West", "-west", ""):
        assert browser.post("/organisations", fields | {"slug": slug}).status == 400
    clerk = Browser(served)
    clerk.sign_in("clerk@north.example")
    assert clerk.get("/organisations").status == 404


@pytest.mark.parametrize("role", Role)
def test_a_role_may_what_the_table_says_and_nothing_else(
    served: Served, office: Office, places: dict[str, str], role: Role
) -> None:
    email = f"{role}@north.example"
    add_person(office, f"only-{email}", office.school("north"), role)
    browser = Browser(served)
    browser.sign_in(f"only-{email}")
    browser.get("/schools/north")
    for route in _routes(office):
        acts = [door.act for door in _doors(route) if isinstance(door, Member)]
        if not acts or "GET" not in route.methods:
            continue
        path = route.path.format(slug="north", **places)
        allowed = acts[0] in MAY[role]
        status = browser.get(path).status
        assert (status == 403) is not allowed, f"{role} {path}: {status}"
    assert Act.APPROVE not in MAY[Role.CLERK]
    assert not MAY[Role.AUDITOR] & {Act.PREPARE, Act.APPROVE, Act.WITHDRAW, Act.HAND_OUT, Act.PEOPLE}


def test_the_last_administrator_stays(served: Served, office: Office) -> None:
    spy = Browser(served)
    spy.sign_in("spy@south.example")
    spy.get("/schools/south/people")
    with office.people.reading() as connection:
        from testamur.store.desk import members

        me = members.find_email(connection, "spy@south.example")
    assert me is not None
    assert spy.post(f"/schools/south/people/{me.id}", {"role": "clerk"}).status == 409
