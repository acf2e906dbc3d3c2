"""What wallets look up at a school's site: its keys under the site's own name, and the types of its records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from testamur.credentials import RECORD_KINDS, kind_metadata
from testamur.did import WELL_KNOWN, issuer_metadata
from testamur.forming import TYPES
from testamur.jsontext import write_json
from testamur.publishing.site import Site
from testamur.store import Ledger


def wallet_files(site: Site, ledger: Ledger) -> Iterator[tuple[str, bytes]]:
    """The JWT VC Issuer Metadata, where the site has its host to itself, and a description of each type."""
    if site.names_itself:
        methods = [replace(method, controller=site.url) for method in site.methods(ledger.keys(site.did))]
        yield WELL_KNOWN.lstrip("/"), (write_json(issuer_metadata(site.url, methods)) + "\n").encode("utf-8")
    for kind in RECORD_KINDS:
        path = f"{TYPES}/{kind}.json"
        yield path, (write_json(kind_metadata(kind, site.at(path))) + "\n").encode("utf-8")
