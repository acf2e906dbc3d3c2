"""The aims that were set for speed, and whether this run passed them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.measuring import Figure
from benchmarks.own import FLOOR, PROOF, PUBLIC
from benchmarks.pressing import BLOCK as COHORT
from benchmarks.pressing import PRESS
from benchmarks.pyld_path import NAME as PYLD
from benchmarks.tables import Table, ratio

_RDFC, _JCS, _JWT = "eddsa-rdfc-2022", "eddsa-jcs-2022", "vc+jwt EdDSA"
_SD, _BBS, _COPIES = "ecdsa-sd-2023", "bbs-2023", "@digitalbazaar, copies"
_BAZAAR, _OPENVC = "@digitalbazaar/vc", "openvc-core"


@dataclass(frozen=True, slots=True)
class Aim:
    """A ratio of two medians, and the number that it must reach or stay within."""

    sentence: str
    block: str
    over: str
    under: str
    act: str
    at_least: float = 0.0
    at_most: float = float("inf")


AIMS = (
    Aim("PyLD, contexts kept, create", _RDFC, PYLD, PROOF, "create", at_least=30),
    Aim("PyLD, contexts kept, verify", _RDFC, PYLD, PROOF, "verify", at_least=30),
    Aim("@digitalbazaar/vc, create", _RDFC, _BAZAAR, PROOF, "create", at_least=20),
    Aim("@digitalbazaar/vc, verify", _RDFC, _BAZAAR, PROOF, "verify", at_least=20),
    Aim("proof over floor, verify", _RDFC, PROOF, FLOOR, "verify", at_most=4),
    Aim("a cohort's row over the floors of its forms", COHORT, PRESS, FLOOR, "create", at_most=2.5),
    Aim("every check over proof, verify", _RDFC, PUBLIC, PROOF, "verify", at_most=2),
    Aim("ecdsa-sd-2023 over its P-256 operations, create", _SD, PROOF, FLOOR, "create", at_most=1.5),
    Aim("ecdsa-sd-2023 over its P-256 operations, verify", _SD, PROOF, FLOOR, "verify", at_most=1.5),
    Aim("@digitalbazaar's bbs-2023, create", _BBS, _COPIES, PROOF, "create", at_least=30),
    Aim("@digitalbazaar's bbs-2023, derive", _BBS, _COPIES, PROOF, "derive", at_least=30),
    Aim("@digitalbazaar's bbs-2023, verify", _BBS, _COPIES, PROOF, "verify", at_least=30),
    Aim("openvc-core's eddsa-jcs-2022, verify", _JCS, _OPENVC, PROOF, "verify", at_least=3),
    Aim("openvc-core's SD-JWT VC (EdDSA), verify", "dc+sd-jwt EdDSA", _OPENVC, PROOF, "verify", at_least=1),
    Aim("openvc-core's SD-JWT VC (ES256), verify", "dc+sd-jwt ES256", _OPENVC, PROOF, "verify", at_least=1),
    Aim("openvc-core's JWT, verify", _JWT, _OPENVC, PROOF, "verify", at_least=3),
)


def aims_table(figures: Sequence[Figure]) -> Table:
    """Each aim with what this run came to."""
    return Table("Aims", ("ratio", "aim", "this run", ""), tuple(_lines(figures)))


def _lines(figures: Sequence[Figure]) -> Iterator[tuple[str, ...]]:
    for aim in AIMS:
        found = ratio(figures, aim.block, aim.over, aim.under, aim.act)
        wanted = f"at least {aim.at_least:g}" if aim.at_least else f"at most {aim.at_most:g}"
        if found is None:
            yield aim.sentence, wanted, "–", "not measured"
        else:
            passed = aim.at_least <= found <= aim.at_most
            yield aim.sentence, wanted, f"{found:.1f}", "passed" if passed else "missed"
