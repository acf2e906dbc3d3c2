"""A visit: who is there, where, and whether they may. Every page of the desk asks here first."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from starlette.exceptions import HTTPException

from testamur.encoding import encode_base64url
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.permissions import Act, acts_of
from testamur.issuer.desk.school import School
from testamur.leaves import Arrived, Form
from testamur.store import Ledger
from testamur.store.desk import Person, Session, sessions
from testamur.words import Tongue

PLAIN_COOKIE, SAFE_COOKIE = "testamur-desk", "__Host-testamur-desk"
NOT_THERE = "There is nothing at this address"


class ToSignIn(Exception):
    """Nobody is signed in, or the second factor is missing; ``to`` is the page that helps."""

    def __init__(self, to: str) -> None:
        super().__init__(to)
        self.to = to


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of somebody who is signed in."""

    request: Request
    office: Office
    session: Session
    token: str
    form: Form
    at: datetime
    school: School | None = None
    acts: frozenset[Act] = frozenset()

    @property
    def person(self) -> Person:
        """Who is there."""
        return self.session.person

    @property
    def csrf(self) -> str:
        """What every form of this session brings back."""
        return _csrf(self.token)

    @property
    def here(self) -> School:
        """The organisation of this page; there is one wherever ``Member`` let somebody in."""
        if self.school is None:
            raise HTTPException(404, NOT_THERE)
        return self.school

    @property
    def account(self) -> str:
        """How the audit log names this person."""
        return account_of(self.person.id)

    @property
    def ledger(self) -> Ledger:
        """The ledger of this organisation, whose log names this person for every act."""
        return self.here.ledger.by(self.account)

    def may(self, act: str) -> bool:
        """Whether this person may do something here."""
        return Act(act) in self.acts

    def at_school(self, path: str = "") -> str:
        """An address within the organisation."""
        return f"/schools/{self.here.slug}{path}"

    @property
    def tongue(self) -> Tongue:
        """The language of this person."""
        from testamur.leaves import tongue_of

        return tongue_of(self.request, self.person.language)

    def page(self, leaf: str, status: int = 200, /, **values: Any) -> Response:
        """A page for this person."""
        given: dict[str, Any] = {
            "visit": self,
            "language": self.person.language,
            "school": self.school,
        } | values
        return self.office.leaves.page(self.request, leaf, status, None, **given)


def account_of(person: int) -> str:
    """How the audit log names a person of the desk."""
    return f"person:{person}"


def office_of(request: Request) -> Office:
    """The office that answers."""
    office: Office = request.app.state.office
    return office


Here = Annotated[Office, Depends(office_of)]


def cookie_of(request: Request) -> str:
    """The session's token as the browser has it."""
    name = SAFE_COOKIE if office_of(request).is_https else PLAIN_COOKIE
    return request.cookies.get(name, "")[:200]


def set_cookie(office: Office, response: Response, token: str) -> None:
    """Give the browser a session; "" takes it away."""
    name = SAFE_COOKIE if office.is_https else PLAIN_COOKIE
    age = int(sessions.WHOLE.total_seconds()) if token else 0
    response.set_cookie(
        name, token, max_age=age, path="/", secure=office.is_https, httponly=True, samesite="lax"
    )


def arrive(request: Request, form: Form) -> Visit | None:
    """The visit of whoever has a session of any stage; forms without its mark are refused."""
    office, token = office_of(request), cookie_of(request)
    if not token:
        return None
    at = office.now()
    with office.people.reading() as connection:
        session = sessions.find(connection, token, at)
    if session is None:
        return None
    if sessions.is_due(session, at):
        with office.people.writing() as connection:
            sessions.note(connection, token, at)
    visit = Visit(request, office, session, token, form, at)
    if request.method not in ("GET", "HEAD") and not hmac.compare_digest(form.raw("csrf"), visit.csrf):
        raise HTTPException(403, "This form is too old; open the page again")
    return visit


def signed_in(request: Request, form: Arrived) -> Visit:
    """Somebody who has proved who they are, wherever they may go."""
    visit = arrive(request, form)
    if visit is None:
        raise ToSignIn("/sign-in")
    if visit.session.stage == "password":
        raise ToSignIn("/second-factor")
    if visit.session.stage == "enrol":
        raise ToSignIn("/account/second-factor")
    return visit


def operator(visit: Annotated[Visit, Depends(signed_in)]) -> Visit:
    """Somebody who may found organisations; for others there is nothing here."""
    if not visit.person.is_operator:
        raise HTTPException(404, NOT_THERE)
    return visit


@dataclass(frozen=True, slots=True)
class Member:
    """Lets in somebody who may do this in the organisation of the address.

    Who has no role there learns nothing of it, not even that it exists.
    """

    act: Act

    def __call__(self, slug: str, visit: Annotated[Visit, Depends(signed_in)]) -> Visit:
        """The visit to this organisation; raises HTTPException."""
        school = visit.office.school(slug)
        roles = visit.person.roles.get(school.did, frozenset()) if school else frozenset()
        if school is None or not roles:
            raise HTTPException(404, NOT_THERE)
        acts = acts_of(roles)
        if self.act not in acts:
            raise HTTPException(403, "Your role does not include this")
        return replace(visit, school=school, acts=acts)


SignedIn = Annotated[Visit, Depends(signed_in)]
Operating = Annotated[Visit, Depends(operator)]
Entering = Annotated[Visit, Depends(Member(Act.ENTER))]
Reading = Annotated[Visit, Depends(Member(Act.READ))]
Preparing = Annotated[Visit, Depends(Member(Act.PREPARE))]
Approving = Annotated[Visit, Depends(Member(Act.APPROVE))]
Withdrawing = Annotated[Visit, Depends(Member(Act.WITHDRAW))]
HandingOut = Annotated[Visit, Depends(Member(Act.HAND_OUT))]
Designing = Annotated[Visit, Depends(Member(Act.DESIGN))]
Publishing = Annotated[Visit, Depends(Member(Act.PUBLISH))]
Counting = Annotated[Visit, Depends(Member(Act.FIGURES))]
Auditing = Annotated[Visit, Depends(Member(Act.AUDIT))]
Inviting = Annotated[Visit, Depends(Member(Act.PEOPLE))]
Setting = Annotated[Visit, Depends(Member(Act.SETTINGS))]


def _csrf(token: str) -> str:
    return encode_base64url(hmac.new(token.encode(), b"form", sha256).digest())
