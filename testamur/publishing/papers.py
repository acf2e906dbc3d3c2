"""What a site says of itself: its DID document, its entry for trust lists, the looks of its pages, schemas, pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from html import escape
from importlib.resources import files
from string import Template

from testamur.credentials import Look
from testamur.did import DidDocument
from testamur.jsontext import write_json
from testamur.publishing.histories import history_files
from testamur.publishing.site import TRUST_URL, Site
from testamur.store import Ledger
from testamur.trust import add_issuer, entry_from_document


def identity_files(site: Site, ledger: Ledger, *, at: datetime) -> Iterator[tuple[str, bytes]]:
    """The looks, the trust entry and the DID document, with its history where it has one."""
    for look in ledger.looks(site.did):
        yield f"looks/{Look.parse(look).digest}.json", look.encode("utf-8")
    if site.did.startswith("did:key:"):
        return
    files = history_files(site, at=at) if site.has_history else None
    document = files.newest if files else site.document(ledger.keys(site.did))
    entry = entry_from_document(DidDocument.parse(document), site.name, at)
    yield TRUST_URL, add_issuer("", entry, "application/json").encode("utf-8")
    if not site.did_path:
        return
    if files:
        stem = site.did_path.removesuffix("did.json")
        yield from ((f"{stem}{name}", data) for name, data in files.by_name)
    else:
        yield site.did_path, (write_json(document) + "\n").encode("utf-8")


def page_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """The index page and the schemas records are held against."""
    yield "index.html", page("index.html", name=site.name, url=site.url, did=site.did).encode("utf-8")
    for schema in sorted(
        files("testamur.credentials").joinpath("schemas").iterdir(), key=lambda item: item.name
    ):
        if schema.name.endswith(".json"):
            yield f"schemas/{schema.name}", schema.read_bytes()


def page(template: str, **values: str) -> str:
    """A page with values put in, whatever characters are in them."""
    text = files("testamur.publishing").joinpath("pages", template).read_text("utf-8")
    return Template(text).substitute({key: escape(value) for key, value in values.items()})
