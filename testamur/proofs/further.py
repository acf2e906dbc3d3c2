"""The forms a record may be issued in beside *full* and *paper*, one line for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from testamur.proofs.data_integrity import DataIntegrity
from testamur.proofs.selective import Choose, SelectiveSuite
from testamur.proofs.suites import BBS_2023, ECDSA_SD_2023
from testamur.proofs.values import Format


@dataclass(frozen=True, slots=True)
class FurtherForm:
    """The kind of key that signs it, how it is made once it is known what it always shows, and its files' ending."""

    algorithm: str
    make: Callable[[Choose], Format]
    suffix: str = "json"


def _base_form(suite: SelectiveSuite, choose: Choose) -> Format:
    """The issuer's base proof, which its holder derives copies from; opened by those two alone."""
    return DataIntegrity(suite.name, suites={suite.name: replace(suite, choose=choose, takes_base=True)})


FURTHER_FORMS: Mapping[str, FurtherForm] = {
    "ecdsa-sd-2023": FurtherForm("P-256", partial(_base_form, ECDSA_SD_2023)),
    "bbs-2023": FurtherForm("BLS12-381", partial(_base_form, BBS_2023)),
}
