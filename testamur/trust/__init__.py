"""Who vouches for an issuer: trust files, and the digest lists that outlive a compromised key."""

from testamur.trust.authorities import TrustedAuthority, certified_method
from testamur.trust.digests import (
    DIGESTS_TYPE,
    DigestList,
    digests_location,
    open_digest_list,
    sign_digest_list,
)
from testamur.trust.entries import TrustedIssuer, TrustedMethod, entry_from_document
from testamur.trust.loading import load_pinned
from testamur.trust.pinned import TRUST_SOURCES, PinnedTrust
from testamur.trust.vouching import TrustSource, Vouch, all_pins, certified_vouch, first_vouch
from testamur.trust.writing import add_issuer, remove_issuer

__all__ = [
    "DIGESTS_TYPE",
    "TRUST_SOURCES",
    "DigestList",
    "PinnedTrust",
    "TrustSource",
    "TrustedAuthority",
    "TrustedIssuer",
    "TrustedMethod",
    "Vouch",
    "add_issuer",
    "all_pins",
    "certified_method",
    "certified_vouch",
    "digests_location",
    "entry_from_document",
    "first_vouch",
    "load_pinned",
    "open_digest_list",
    "remove_issuer",
    "sign_digest_list",
]
