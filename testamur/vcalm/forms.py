"""The forms an instance issues or presents in, by the name that stands in the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from testamur.credentials import always_shown
from testamur.errors import OperatorError
from testamur.jsontext import Json, parse_object
from testamur.proofs import (
    FORMATS,
    Choose,
    DataIntegrity,
    Format,
    SecuredDocument,
    SelectiveSuite,
    Suite,
    envelope,
)

_OF_TOKENS = ("vc+jwt", "vc+sd-jwt", "vc+cose", "ob_jwt", "jwt_vc_json")


def form_names(suites: Mapping[str, Suite]) -> tuple[str, ...]:
    """What ``form`` may be: a cryptosuite, or a way to sign a token."""
    return (*suites, *_OF_TOKENS)


def credential_form(name: str, suites: Mapping[str, Suite]) -> Format:
    """The form of this name; raises OperatorError for one that does not exist."""
    if name in suites:
        return showing(DataIntegrity(name, suites=suites), always_shown) or DataIntegrity(name, suites=suites)
    if name in form_names(suites):
        return FORMATS[name]
    raise OperatorError(f"there is no form {name!r:.60}", hint=f"there are {', '.join(form_names(suites))}")


def showing(form: Format, choose: Choose) -> Format | None:
    """The form with another choice of what every copy shows; None where it is signed as a whole."""
    suite = form.suites.get(form.suite) if isinstance(form, DataIntegrity) else None
    if not isinstance(form, DataIntegrity) or not isinstance(suite, SelectiveSuite):
        return None
    return replace(form, suites={**form.suites, form.suite: replace(suite, choose=choose)})


def as_answer(secured: SecuredDocument) -> Json:
    """The secured document as a member of an answer: itself, or an envelope around its token (VCDM §4.13)."""
    return parse_object(secured.text) if secured.format.startswith("ldp_") else envelope(secured)
