"""The settings of an issuer instance: ``[issuers.NAME]``."""

from __future__ import annotations

from dataclasses import dataclass

from testamur.errors import OperatorError
from testamur.store import REVOCATION, SUSPENSION
from testamur.vcalm import Manner, Table

ENFORCE, WARN = "enforce", "warn"
REFUSE, AS_SET, AS_CHAIN = "refuse", "set", "chain"
TEMPORARY = "temporary"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerSettings:
    """What one issuer instance signs with, in which form, and what it keeps."""

    name: str
    manner: Manner
    home: str = ""  # a school's home: its key, its ledger, its address
    key: str = ""  # or a signer ("file:…", "pkcs11:…"), or "new:ALGORITHM" for a did:key made at the start
    form: str = ""  # "" : the RDFC suite of the key
    ledger: str = ""  # a database URL, or "temporary"; "": nothing is kept
    status: tuple[str, ...] = ()
    binding: str = ENFORCE
    existing_proofs: str = REFUSE
    conformance: bool = False  # VCDM 1.1 and retired suites too

    @classmethod
    def read(cls, table: Table) -> IssuerSettings:
        """The settings in a table; raises OperatorError naming what is wrong."""
        settings = cls(
            name=table.key,
            manner=Manner.read(table),
            home=table.text("home"),
            key=table.text("key"),
            form=table.text("form"),
            ledger=table.text("ledger"),
            status=table.texts("status", among=(REVOCATION, SUSPENSION)),
            binding=table.text("issuer_binding", ENFORCE, among=(ENFORCE, WARN)),
            existing_proofs=table.text("existing_proofs", REFUSE, among=(REFUSE, AS_SET, AS_CHAIN)),
            conformance=table.flag("conformance"),
        )
        table.finish()
        settings._check(table.name)
        return settings

    def _check(self, table: str) -> None:
        if bool(self.home) is bool(self.key):
            raise OperatorError(f"[{table}] needs home or key, one of the two")
        if self.home and self.ledger:
            raise OperatorError(f"[{table}] has a home, whose ledger is used: leave out ledger")
        if self.status and not (self.home or self.ledger):
            raise OperatorError(
                f"[{table}] has a status and no ledger", hint='add ledger = "sqlite:///records.sqlite"'
            )
        if len(set(self.status)) != len(self.status):
            raise OperatorError(f"status in [{table}] names a purpose twice")
