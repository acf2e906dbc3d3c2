"""What employers ask for, ready to be picked: each purpose with the least that answers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from testamur.jsontext import Json
from testamur.words import say

_OB = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"
_CLR = "https://purl.imsglobal.org/spec/vc/clr/vocab.html#"
_SUBJECT = "credentialSubject"


@dataclass(frozen=True, slots=True)
class Purpose:
    """A question in words, and the claims it needs in each format."""

    id: str
    title: str
    why: str  # what the holder is told
    sd_jwt: tuple[tuple[str, ...], ...]  # paths in a dc+sd-jwt
    types: tuple[str, ...]  # types of W3C credentials, any of which will do
    w3c: tuple[tuple[Any, ...], ...]  # paths in them
    kinds: tuple[str, ...] = ()  # the names under which schools publish their types
    vct: tuple[str, ...] = ()  # types that do not depend on the school

    def query(self, sites: Sequence[str] = (), *, vct: Sequence[str] = ()) -> Json:
        """The DCQL query; ``sites`` are the schools' sites, whose types have addresses of their own."""
        found = [*vct, *self.vct, *(f"{site}/types/{kind}.json" for site in sites for kind in self.kinds)]
        credentials: list[Json] = []
        if found:
            meta: Json = {"vct_values": list(dict.fromkeys(found))[:64]}
            credentials.append(_asked("sd_jwt", "dc+sd-jwt", meta, self.sd_jwt))
        if self.types:
            meta = {"type_values": [[each] for each in self.types]}
            credentials.append(_asked("ldp", "ldp_vc", meta, self.w3c))
            credentials.append(_asked("jwt", "jwt_vc_json", meta, self.w3c))
        options = [[each["id"]] for each in credentials]
        return {"credentials": credentials, "credential_sets": [{"options": options}]}


def _asked(name: str, format_name: str, meta: Json, paths: Sequence[Sequence[Any]]) -> Json:
    return {
        "id": name,
        "format": format_name,
        "meta": meta,
        "claims": [{"path": list(path)} for path in paths],
    }


PURPOSES: tuple[Purpose, ...] = (
    Purpose(
        "degree",
        say("Proof of degree"),
        say("To see which degree or diploma you have, and who awarded it."),
        (("name",), ("award",), ("awarded",)),
        (f"{_OB}OpenBadgeCredential", f"{_OB}AchievementCredential"),
        ((_SUBJECT, "identifier", 0), (_SUBJECT, "achievement", "name")),
        ("diploma", "badge", "record"),
    ),
    Purpose(
        "grades",
        say("Grades of the last year"),
        say("To see your courses and grades."),
        (("name",), ("award",), ("awarded",), ("results",)),
        (f"{_CLR}ClrCredential", f"{_OB}OpenBadgeCredential", f"{_OB}AchievementCredential"),
        ((_SUBJECT,),),
        ("record", "course", "diploma"),
    ),
    Purpose(
        "licence",
        say("Licence to practise"),
        say("To see that you may practise your profession, and until when."),
        (("name",), ("award",), ("number",)),
        (f"{_OB}OpenBadgeCredential", f"{_OB}AchievementCredential"),
        ((_SUBJECT, "identifier", 0), (_SUBJECT, "achievement", "name")),
        ("licence",),
    ),
    Purpose(
        "age",
        say("Age over 18"),
        say("To see that you are of age; not how old you are."),
        (("age_equal_or_over", "18"),),
        (),
        (),
        (),
        ("urn:eudi:pid:1", "urn:eudi:pid:de:1"),
    ),
)
"""Each purpose asks for the least that answers it."""

NAMED: Mapping[str, Purpose] = {each.id: each for each in PURPOSES}
