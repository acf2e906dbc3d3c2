"""Whether what came in is malformed, which a server that says no by its status answers with 400."""

from __future__ import annotations

from testamur.credentials import check_rules
from testamur.errors import Malformed
from testamur.jsontext import Json
from testamur.proofs import check_proof_shape


def malformed(sent: Json) -> bool:
    """Whether the document breaks a rule of the data model, or a proof in it is no proof."""
    if check_rules(sent):
        return True
    if "proof" not in sent:
        return not str(sent.get("id", "")).startswith("data:")
    proofs = sent["proof"]
    listed = proofs if isinstance(proofs, list) else [proofs]
    return not listed or any(_is_broken(proof) for proof in listed)


def _is_broken(proof: object) -> bool:
    try:
        check_proof_shape(proof)
    except Malformed:
        return True
    return False
