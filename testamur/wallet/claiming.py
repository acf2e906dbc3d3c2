"""Claiming: a school's offer (OpenID4VCI) becomes a record, bound to a key made for this school."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from testamur.errors import Malformed, Unsupported
from testamur.fetch import Posting
from testamur.openid4vci import HAIP_SCHEME, SCHEME, Issuer, Line, Offer, ask, look_up, read_offer, redeem
from testamur.vault import Contents, HolderKey
from testamur.verifying import Verifier
from testamur.wallet.holder_keys import new_key, private_key
from testamur.wallet.receiving import Receipt, receive_documents

_PREFERRED = ("dc+sd-jwt", "vc+sd-jwt", "ldp_vc", "jwt_vc_json")


@dataclass(frozen=True, slots=True)
class Claim:
    """An offer that was looked at: who offers what, and the key that the record will be bound to.

    Keep the contents before taking it: a record bound to a key that was forgotten could never be shown.
    """

    contents: Contents
    offer: Offer
    issuer: Issuer
    configuration_id: str
    key: HolderKey

    @property
    def needs_code(self) -> bool:
        """Whether the school gave a code apart from the offer (``tx_code``)."""
        return self.offer.tx_code is not None


def is_offer(text: str) -> bool:
    """Whether a text is a link to an offer."""
    return text.strip().startswith((f"{SCHEME}:", f"{HAIP_SCHEME}:"))


def look_at_offer(contents: Contents, text: str, network: Posting, *, at: datetime) -> Claim:
    """What is offered, with a fresh key for this school; raises Malformed, EvidenceUnusable, Unsupported."""
    offer = read_offer(text, network)
    if not offer.pre_authorized_code:
        raise Unsupported("this offer asks you to sign in at the school; open it in the wallet app")
    issuer = look_up(offer.credential_issuer, network, offer=offer)
    known = issuer.metadata.configurations
    ordered = sorted(offer.configuration_ids, key=lambda name: _rank(known[name].format))
    if not ordered:
        raise Malformed("credential_configuration_ids", "nothing is offered")
    contents, key = new_key(contents, offer.credential_issuer, at=at, method="did:jwk", algorithm="P-256")
    return Claim(contents, offer, issuer, ordered[0], key)


def claim(
    claimed: Claim, network: Posting, verifier: Verifier, *, tx_code: str = "", at: datetime
) -> Receipt:
    """The content with the record, verified on the way in; raises Denial where the school gives nothing."""
    line = Line(network)
    access = redeem(claimed.issuer, claimed.offer, line, tx_code=tx_code, at=at)
    key = private_key(claimed.key)
    received = ask(claimed.issuer, access, claimed.configuration_id, [key], line, at=at)
    if received.transaction_id:
        raise Unsupported("the school makes the record later; ask again in a while")
    offered = claimed.issuer.metadata.configurations[claimed.configuration_id]
    display = next(iter(offered.display), {})
    source = f"offer of {claimed.issuer.host}"
    return receive_documents(
        claimed.contents, received.records, verifier, at=at, source=source, display=display
    )


def _rank(name: str) -> int:
    return _PREFERRED.index(name) if name in _PREFERRED else len(_PREFERRED)
