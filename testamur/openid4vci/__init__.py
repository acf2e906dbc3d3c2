"""OpenID for Verifiable Credential Issuance 1.0: both sides, as values and steps without a web server.

The issuer's side needs the database and is loaded when it is first asked for; a wallet does without.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from testamur.openid4vci.addresses import ISSUER, SERVER, well_known
from testamur.openid4vci.clients import make_attestation_pop
from testamur.openid4vci.configurations import FORMATS, Configuration, Look, configurations_of
from testamur.openid4vci.dpop import check_dpop, hash_of, make_dpop
from testamur.openid4vci.holder_keys import HolderKey, sign_with
from testamur.openid4vci.key_proofs import Attesters, check_attestation, check_proof, make_proof
from testamur.openid4vci.metadata import IssuerMetadata, Offered, ServerMetadata
from testamur.openid4vci.nonces import Nonces
from testamur.openid4vci.offering import (
    AUTHORIZATION_CODE,
    HAIP_SCHEME,
    SCHEME,
    Offer,
    TxCode,
    read_link,
    reference_link,
)
from testamur.openid4vci.receiving import (
    Access,
    Issuer,
    Received,
    Started,
    ask,
    begin,
    collect,
    finish,
    look_up,
    notify,
    read_offer,
    redeem,
)
from testamur.openid4vci.refusing import Denial
from testamur.openid4vci.requests import Asked, Reply
from testamur.openid4vci.talking import Line, WalletAttestation

if TYPE_CHECKING:
    from testamur.openid4vci.authorizing import Waiting, agree, decline, may_return, waiting
    from testamur.openid4vci.binding import Binder, bind
    from testamur.openid4vci.counter import CredentialIssuer, Rules
    from testamur.openid4vci.describing import issuer_metadata, server_metadata, signed_metadata
    from testamur.openid4vci.endpoints import ENDPOINTS, respond
    from testamur.openid4vci.granting import closed, configurations_for, open_offer
    from testamur.openid4vci.making_offers import MadeOffer, make_offer

_ISSUING = {
    "authorizing": ("Waiting", "agree", "decline", "may_return", "waiting"),
    "binding": ("Binder", "bind"),
    "counter": ("CredentialIssuer", "Rules"),
    "describing": ("issuer_metadata", "server_metadata", "signed_metadata"),
    "endpoints": ("ENDPOINTS", "respond"),
    "granting": ("closed", "configurations_for", "open_offer"),
    "making_offers": ("MadeOffer", "make_offer"),
}
_WHERE = {name: module for module, names in _ISSUING.items() for name in names}

__all__ = [
    "AUTHORIZATION_CODE",
    "ENDPOINTS",
    "FORMATS",
    "HAIP_SCHEME",
    "ISSUER",
    "SCHEME",
    "SERVER",
    "Access",
    "Asked",
    "Attesters",
    "Binder",
    "Configuration",
    "CredentialIssuer",
    "Denial",
    "HolderKey",
    "Issuer",
    "IssuerMetadata",
    "Line",
    "Look",
    "MadeOffer",
    "Nonces",
    "Offer",
    "Offered",
    "Received",
    "Reply",
    "Rules",
    "ServerMetadata",
    "Started",
    "TxCode",
    "Waiting",
    "WalletAttestation",
    "agree",
    "ask",
    "begin",
    "bind",
    "check_attestation",
    "check_dpop",
    "check_proof",
    "closed",
    "collect",
    "configurations_for",
    "configurations_of",
    "decline",
    "finish",
    "hash_of",
    "issuer_metadata",
    "look_up",
    "make_attestation_pop",
    "make_dpop",
    "make_offer",
    "make_proof",
    "may_return",
    "notify",
    "open_offer",
    "read_link",
    "read_offer",
    "redeem",
    "reference_link",
    "respond",
    "server_metadata",
    "sign_with",
    "signed_metadata",
    "waiting",
    "well_known",
]


def __getattr__(name: str) -> Any:
    """The issuer's side at first use."""
    if name in _WHERE:
        return getattr(import_module(f"testamur.openid4vci.{_WHERE[name]}"), name)
    raise AttributeError(name)
