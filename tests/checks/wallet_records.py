"""A school that issues SD-JWT VCs, with the pages that belong to them, and a learner who shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from testamur.checks import Audience, Policy, Report
from testamur.credentials import disclosable, record_claims
from testamur.did import issuer_metadata
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import LocalSigner
from testamur.proofs import SdJwtVc, bind, decode, parse_jws, parse_sd_jwt
from testamur.status import sign_list_token
from tests.town import GRADUATION, NOW, Town, key

ASKED = Audience("https://employer.example", "n-1")
HOLDER = LocalSigner(key("መሪማ", "P-256"), "did:example:holder#1")


class WalletTown(Town):
    """A town whose school names itself by the address of its site."""

    def __init__(self) -> None:
        super().__init__()
        self.url = f"https://{self.school.host}"
        self.vct = f"{self.url}/types/diploma.json"
        self.list_url = f"{self.url}/status/1.token"
        self.publish_keys()
        self.publish_type()
        self.publish_list({})

    def publish_keys(self) -> None:
        metadata = issuer_metadata(self.url, self.school.methods.values())
        self.web.pages[f"{self.url}/.well-known/jwt-vc-issuer"] = write_json(metadata).encode()

    def publish_type(self, **members: Any) -> bytes:
        raw = write_json({"vct": self.vct, "name": "Diploma"} | members).encode()
        self.web.pages[self.vct] = raw
        return raw

    def publish_list(self, values: dict[int, int], *, valid_for: timedelta = timedelta(days=90)) -> None:
        signer = replace(self.school.status_key, verification_method=f"{self.url}#status-1")
        token = sign_list_token(self.list_url, values, signer, at=NOW, valid_for=valid_for)
        self.web.pages[self.list_url] = token.encode()

    def claims(self, **changes: Any) -> Json:
        status = {"status_list": {"idx": 7, "uri": self.list_url}}
        claims = record_claims(self.school.diploma(), vct=self.vct, iss=self.url, status=status)
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def issue_claims(
        self,
        claims: Json | None = None,
        *,
        at: datetime = GRADUATION,
        signer: LocalSigner | None = None,
        **options: Any,
    ) -> str:
        claims = claims or self.claims()
        options = {"disclosable": disclosable(claims), "holder_key": HOLDER.public_key, "decoys": 1} | options
        signer = replace(signer or self.school.key, verification_method=options.pop("kid", "key-1"))
        return SdJwtVc(**options).secure(write_json(claims), signer, at=at).text

    def ask(self, text: str, *, asked: Audience | None = None, at: datetime = NOW, **options: Any) -> Report:
        return self.employer(policy=Policy(audience=asked), **options).verify(
            decode(text), at=at, source="shown"
        )


def show(text: str, keep: Callable[[str], bool] = bool, *, at: datetime = NOW, **changes: Any) -> str:
    """What a learner sends: some disclosures, signed for whoever asked."""
    parts = parse_sd_jwt(text)
    kept = replace(parts, disclosures=tuple(each for each in parts.disclosures if keep(each)))
    options: dict[str, Any] = {"audience": ASKED.domain, "nonce": ASKED.challenge, "signer": HOLDER} | changes
    signer = options.pop("signer")
    return bind(kept, parse_object(parse_jws(parts.token).payload), signer, at=at, **options).text
