"""What every check is handed: the document, what opening it showed, and where to look things up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from testamur.checks.policy import Policy
from testamur.contexts import SHIPPED, ContextSet
from testamur.credentials import claimed_types, is_plain, moment
from testamur.did import Resolver
from testamur.errors import Malformed, TestamurError
from testamur.fetch import Fetching, Memory
from testamur.jsontext import Json
from testamur.keys import PublicKey
from testamur.proofs import Opened, SecuredDocument, Signature
from testamur.times import parse_instant
from testamur.trust import TrustSource, Vouch, certified_vouch, first_vouch

_BEGINNINGS = {f"https://www.w3.org/2018/credentials#{name}" for name in ("validFrom", "issuanceDate")}


@dataclass(frozen=True)
class Case:
    """One document under question at one moment; what several checks ask of it is worked out once."""

    document: SecuredDocument
    opened: Opened | TestamurError  # the error: it could not even be opened
    at: datetime
    resolver: Resolver
    fetch: Fetching
    trust: Sequence[TrustSource] = ()
    policy: Policy = field(default_factory=Policy)
    memory: Memory[Any] = field(default_factory=lambda: Memory(8, 60.0), repr=False)
    is_evidence: bool = False  # a status list or the like, which a key for status may sign
    contexts: ContextSet = SHIPPED
    around: Json | None = None  # the learner record that says it without a signature of its own
    is_in_part: bool = False  # then: the record's holder may have left out what it says here
    shown_with: tuple[PublicKey, ...] = ()  # keys that signed the presentation it is in, for whoever asks

    @cached_property
    def claims(self) -> Json:
        """What the document says; believe it only if ``proof`` passed."""
        return self.document.claims if isinstance(self.opened, TestamurError) else self.opened.claims

    @property
    def is_sd_jwt_vc(self) -> bool:
        """Whether the document has the claims of an SD-JWT VC and is no JSON-LD."""
        return self.document.format == "dc+sd-jwt"

    @property
    def binding(self) -> Signature | None:
        """The holder's signature that an SD-JWT carries beside its issuer's."""
        return None if isinstance(self.opened, TestamurError) else self.opened.binding

    @property
    def keeps_back(self) -> bool:
        """Whether its holder may show less than what the issuer signed."""
        return not isinstance(self.opened, TestamurError) and bool(self.opened.kept_back)

    @cached_property
    def is_plain(self) -> bool:
        """Whether the claims are of a usual size and hold no null, as the text shows where they are written in it."""
        document = self.document
        is_written = document.format in ("ldp_vc", "ldp_vp") and document.read_from == document.text
        return is_plain(self.claims, document.text if is_written else "")

    @cached_property
    def signatures(self) -> tuple[Signature, ...]:
        """The signatures on it, none where it could not be opened."""
        return () if isinstance(self.opened, TestamurError) else self.opened.signatures

    @cached_property
    def held(self) -> tuple[Signature, ...]:
        """The signatures that hold and are the author's word; what a stranger signed beside it says nothing."""
        bound, author = self.policy.author_bound, self.author
        held = [each for each in self.signatures if each.holds]
        return tuple(s for s in held if not bound or (s.method and s.method.controller == author))

    @cached_property
    def may_lack(self) -> bool:
        """Whether its holder may have left members out: no signature of its author says that it is whole."""
        return self.keeps_back or self._is_selective or self.is_in_part

    @property
    def may_lack_inside(self) -> bool:
        """Whether its holder may have left out members of the credentials in it."""
        opened = self.opened
        kept_back = () if isinstance(opened, TestamurError) else opened.kept_back
        return self._is_selective or any("verifiableCredential" in path for path in kept_back)

    @property
    def may_lack_members(self) -> bool:
        """Whether its holder may have left out a whole member, as its status; of an SD-JWT VC no registered claim."""
        if isinstance(self.opened, TestamurError) or self.is_sd_jwt_vc:
            return False
        return self._is_selective or self.is_in_part or () in self.opened.kept_back

    @property
    def may_hide_end(self) -> bool:
        """Whether its holder may have left out the end of its validity.

        An issuer who lets no copy leave out its beginning is taken to say so of its end as well; where the
        beginning is the holder's to show, nobody can know.
        """
        return self.may_lack_members and not self._always_begins

    @property
    def _always_begins(self) -> bool:
        """Whether no copy of it lacks the beginning of its validity."""
        if self.is_in_part:  # nobody says so of what stands inside a record
            return False
        if self._is_selective:
            return any(_BEGINNINGS & each.always_shown for each in self.held)
        return "validFrom" in self.claims  # which an SD-JWT may not leave to its holder

    @property
    def _is_selective(self) -> bool:
        held = self.held
        return bool(held) and all(each.is_selective for each in held)

    @cached_property
    def author(self) -> str:
        """Who must have signed: the issuer of a credential, the holder of a presentation; "" where unnamed."""
        if self.is_sd_jwt_vc:
            return identifier(self.claims.get("iss")) or self._certified
        return identifier(self.claims.get("holder" if self.document.is_presentation else "issuer"))

    @property
    def purpose(self) -> str:
        """What the author's key must be listed for (VC-DI §2.1, proofPurpose)."""
        return "authentication" if self.document.is_presentation else "assertionMethod"

    @cached_property
    def signed_at(self) -> datetime | None:
        """When the author says to have signed: ``created`` or ``iat``, else the beginning of validity."""
        for signature in self.signatures:
            if signature.holds and signature.method and signature.method.controller == self.author:
                return signature.created or self.valid_from
        return self.valid_from

    @property
    def valid_from(self) -> datetime | None:
        """``validFrom``, ``issuanceDate`` of VCDM 1.1 or ``nbf`` of an SD-JWT VC; raises Malformed."""
        if self.is_sd_jwt_vc:
            return moment(self.claims, "nbf")
        return self._instant("validFrom", "issuanceDate")

    @property
    def valid_until(self) -> datetime | None:
        """``validUntil``, ``expirationDate`` of VCDM 1.1 or ``exp`` of an SD-JWT VC; raises Malformed."""
        if self.is_sd_jwt_vc:
            return moment(self.claims, "exp")
        return self._instant("validUntil", "expirationDate")

    @cached_property
    def types(self) -> tuple[str, ...]:
        """The types the document gives itself."""
        if self.is_sd_jwt_vc:
            return claimed_types(self.claims)
        types = self.claims.get("type")
        listed = types if isinstance(types, list) else [types]
        return tuple(name for name in listed if isinstance(name, str))

    @cached_property
    def vouch(self) -> Vouch | None:
        """The word of the first source that vouches for the issuer, for the day the record was signed.

        Where the key is known by certificates alone, only their authority is asked, within the limits of its
        entry: it must not speak in the name of an issuer whose keys the reader knows.
        """
        at = self.signed_at or self.at
        certifying = [each.method.authority for each in self.held if each.method]
        if certifying and all(certifying):
            for name in certifying:
                vouch = certified_vouch(self.trust, name, self.author, types=self.types, at=at)
                if vouch is not None:
                    return vouch
            return None
        if (known := first_vouch(self.trust, self.author, types=self.types, at=at)) is not None:
            return known
        for name in self.resolver.other_names(self.author):
            if (known := first_vouch(self.trust, name, types=self.types, at=at)) is not None:
                return known
        return None

    @property
    def _certified(self) -> str:
        """Whom the certificates name, where the record itself names no issuer (SD-JWT VC §2.5)."""
        return next((each.method.controller for each in self.signatures if each.holds and each.method), "")

    def _instant(self, *names: str) -> datetime | None:
        for name in names:
            if name in self.claims:
                return parse_instant(self.claims[name], name)
        return None


def identifier(value: Any) -> str:
    """The id of a member written as a text or as an object with an ``id``; "" where it has none."""
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) else ""


def objects(claims: Json, name: str) -> list[Json]:
    """The objects under a member that is one or a list of them; raises Malformed on anything else."""
    value = claims.get(name, [])
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(entry, dict) for entry in listed):
        raise Malformed(name, "this must be an object or a list of objects")
    return listed
