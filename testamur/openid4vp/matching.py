"""Which records answer a query, and what of each has to be shown (OpenID4VP §6.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from testamur.errors import TestamurError
from testamur.keys import authority_key_ids
from testamur.openid4vp.candidates import Candidate, header_certificates
from testamur.openid4vp.dcql import Authorities, CredentialQuery, Query
from testamur.openid4vp.paths import Place, claim_places


@dataclass(frozen=True, slots=True)
class Match:
    """A record that answers one query, and where the claims stand that are to be shown."""

    query: CredentialQuery
    candidate: Candidate
    places: tuple[Place, ...]  # none: only what the record shows always
    preference: int = 0  # which of the claim sets it is, the most wanted being 0


@dataclass(frozen=True, slots=True)
class Matches:
    """By query, every record that answers it."""

    query: Query
    found: Mapping[str, tuple[Match, ...]]

    @property
    def is_satisfied(self) -> bool:
        """Whether enough can be shown at all."""
        return self.query.is_satisfied(name for name, matches in self.found.items() if matches)

    def first_choice(self) -> dict[str, tuple[Match, ...]]:
        """What would be shown if the holder chose nothing herself: the first option of each required set.

        An optional set is left out; {} where it is not enough.
        """
        if not self.is_satisfied:
            return {}
        names = {each.id for each in self.query.credentials}
        if self.query.sets:
            names = set()
            for each in self.query.sets:
                possible = [o for o in each.options if all(self.found.get(name) for name in o)]
                if each.required and possible:
                    names.update(possible[0])
        return {name: self.found[name][:1] for name in names}


def match(query: Query, candidates: Sequence[Candidate]) -> Matches:
    """Every candidate held against every query."""
    found = {
        each.id: tuple(hit for one in candidates if (hit := match_one(each, one)) is not None)
        for each in query.credentials
    }
    return Matches(query, found)


def match_one(query: CredentialQuery, one: Candidate) -> Match | None:
    """How a record answers a query, or None where it does not, or where nothing could sign for its holder."""
    return None if query.needs_holder and one.signer is None else fits(query, one)


def fits(query: CredentialQuery, one: Candidate) -> Match | None:
    """How a record answers a query, whoever shows it; None where it does not."""
    try:
        if one.format != query.format or not _is_of_kind(query, one) or not _is_trusted(query, one):
            return None
    except TestamurError:
        return None
    places = {claim: claim_places(one.claims, claim) for claim in query.claims}
    for preference, claims in enumerate(query.alternatives()):
        if all(places[claim] for claim in claims):
            found = dict.fromkeys(spot for claim in claims for spot in places[claim])
            return Match(query, one, tuple(found), preference)
    return None


def _is_of_kind(query: CredentialQuery, one: Candidate) -> bool:
    if query.format == "dc+sd-jwt":
        kinds = [one.claims.get("vct"), *_texts(one.claims.get("aka_vcts"))]
        return any(kind in query.meta["vct_values"] for kind in kinds)
    if query.format in ("ldp_vc", "jwt_vc_json"):
        types = one.types
        return any(types.issuperset(wanted) for wanted in query.meta["type_values"])
    return False


def _is_trusted(query: CredentialQuery, one: Candidate) -> bool:
    return not query.authorities or any(_stands_behind(each, one) for each in query.authorities)


def _stands_behind(authorities: Authorities, one: Candidate) -> bool:
    """Whether one of these is known to stand behind the issuer; lists that are not known here never do."""
    if authorities.type == "aki":
        named = authority_key_ids(header_certificates(one.document))
        return bool(named & set(authorities.values))
    if authorities.type == "openid_federation":
        issuer = one.claims.get("iss", one.claims.get("issuer"))
        name = issuer.get("id") if isinstance(issuer, dict) else issuer
        return name in authorities.values
    return False


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
