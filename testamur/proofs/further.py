"""The issuer's own form of a record of which its holder can show a part: a base proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from testamur.proofs.data_integrity import DataIntegrity
from testamur.proofs.selective import Choose, SelectiveSuite
from testamur.proofs.suites import BBS_2023, ECDSA_SD_2023

_SUITES: Mapping[str, SelectiveSuite] = {suite.name: suite for suite in (ECDSA_SD_2023, BBS_2023)}


def base_format(name: str, choose: Choose) -> DataIntegrity:
    """The form with a base proof of this suite, which its holder derives copies from; opened by those two alone.

    ``choose`` names what every copy shows.
    """
    return DataIntegrity(name, suites={name: replace(_SUITES[name], choose=choose, takes_base=True)})
