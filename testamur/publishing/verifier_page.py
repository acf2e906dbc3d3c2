"""The verifier page under ``Q/``: files of the web room, with what this site trusts and a policy made from that."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from importlib.resources import files
from urllib.parse import unquote, urlsplit

from testamur.did import DidDocument, Resolver
from testamur.errors import Malformed
from testamur.fetch import NoNetwork
from testamur.jsontext import write_json
from testamur.publishing.histories import history_files
from testamur.publishing.papers import page
from testamur.publishing.site import Site
from testamur.store import Ledger
from testamur.times import write_instant
from testamur.trust import TrustedIssuer, entry_from_document
from testamur.web import WebFile, web_files
from testamur.words import LANGUAGES, Tongue, catalogue

PAGE = "Q/"
WORKER = "verifier-worker.js"
"""The service worker; it lies above ``Q/`` so that it may answer for the address ``/Q`` itself."""

MAX_AGE = timedelta(days=30)
"""How old a kept list may be, as ``testamur verify`` has it."""

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::[0-9]{1,5})?", re.ASCII)
_NAMED_HOST = re.compile(r"did:(?:web|webvh:[A-Za-z0-9]+):([^:]+)", re.ASCII)
_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'{origins}; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types testamur"
)


def verifier_files(
    site: Site, ledger: Ledger, others: Sequence[TrustedIssuer], *, at: datetime
) -> Iterator[tuple[str, bytes]]:
    """Every file of the page as path and bytes; the worker last, when all it names is there."""
    issuers = _trusted(site, ledger, others, at=at)
    yield f"{PAGE}trust.json", _trust_list(issuers)
    shell = [*_files(site), WebFile("", _index(site, ledger, issuers))]
    for file in shell:
        yield PAGE + (file.path or "index.html"), file.data
    yield WORKER, _worker(site, shell)


def origins_of(site: Site, issuers: Iterable[TrustedIssuer]) -> list[str]:
    """The origins the page may ask for lists: those of the issuers it vouches for, and of nobody else."""
    places = [site.url]
    for issuer in issuers:
        named = _NAMED_HOST.match(issuer.id)
        host = f"https://{unquote(named[1])}" if named else issuer.id
        places += [issuer.url, issuer.digests, host]
    return sorted({origin for place in places if (origin := _origin(place))})


def _origin(address: str) -> str:
    """The origin of a web address as a policy may name it, "" for anything else."""
    parts = urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc}".lower()
    return origin if _ORIGIN.fullmatch(origin) else ""


def _trusted(
    site: Site, ledger: Ledger, others: Sequence[TrustedIssuer], *, at: datetime
) -> list[TrustedIssuer]:
    """The site's own issuer and the others, each once; the first entry of an issuer counts."""
    own = entry_from_document(_own_document(site, ledger, at=at), site.name, at)
    known = {entry.id: entry for entry in reversed([own, *others])}
    return list(reversed(known.values()))


def _own_document(site: Site, ledger: Ledger, *, at: datetime) -> DidDocument:
    if site.did.startswith("did:key:"):
        return Resolver(NoNetwork()).resolve(site.did).document
    return DidDocument.parse(
        history_files(site, at=at).newest if site.has_history else site.document(ledger.keys(site.did))
    )


def _trust_list(issuers: Sequence[TrustedIssuer]) -> bytes:
    members = {"issuer": [issuer.members for issuer in issuers]}
    return (json.dumps(members, ensure_ascii=False, indent=1, default=write_instant) + "\n").encode("utf-8")


def _files(site: Site) -> list[WebFile]:
    """What is the same for every reader of this site."""
    shipped = [file for file in web_files() if file.path != WORKER]
    vocabulary = files("testamur.papercode").joinpath("vocabulary_1.bin").read_bytes()
    manifest = {
        "name": f"Check a diploma – {site.name}",
        "short_name": "Check a diploma",
        "start_url": f"{_base(site)}/Q/",
        "scope": f"{_base(site)}/Q",
        "display": "browser",
        "icons": [{"src": "icons/shield.svg", "sizes": "any", "type": "image/svg+xml"}],
    }
    return [
        *shipped,
        WebFile("vocabulary_1.bin", vocabulary),
        WebFile("manifest.webmanifest", write_json(manifest).encode("utf-8")),
        *(WebFile(f"words/{language}.json", _words(language)) for language in _languages()),
    ]


def _languages() -> list[str]:
    """English, which is what messages are written in, and every language there is a catalogue for."""
    return ["en", *(language for language in LANGUAGES if language != "en")]


def _words(language: str) -> bytes:
    """What the page says, in one language."""
    scripts = b"".join(file.data for file in web_files() if file.path.endswith(".js")).decode("utf-8")
    said = {
        message: told for message, told in catalogue(language).items() if json.dumps(message)[1:-1] in scripts
    }
    return write_json(said).encode("utf-8")


def _index(site: Site, ledger: Ledger, issuers: Sequence[TrustedIssuer]) -> bytes:
    origins = origins_of(site, issuers)
    own = {
        "name": site.name,
        "base": _base(site),
        "lists": [site.at(f"status/{each.number}") for each in ledger.lists(site.did)],
        "origins": origins,
        "languages": {language: Tongue(language).name for language in _languages()},
        "max_age_days": MAX_AGE.days,
    }
    policy = _POLICY.format(origins="".join(f" {origin}" for origin in origins))
    modules = [file.path for file in web_files() if re.fullmatch(r"[a-z_0-9]+\.js", file.path)]
    text = page("verifier.html", name=site.name, base=_base(site), policy=policy, site=write_json(own))
    preload = "\n".join(f'<link rel="modulepreload" href="{_base(site)}/Q/{path}">' for path in modules)
    return text.replace("<!-- modules -->", preload).encode("utf-8")


def _worker(site: Site, shell: Sequence[WebFile]) -> bytes:
    """The worker knows the page by the digest of each file, and is new where any of them is."""
    digests = {file.path: file.integrity for file in shell}
    version = sha256(write_json(digests).encode()).hexdigest()[:16]
    source = next((file.data for file in web_files() if file.path == WORKER), b"")
    if not source:
        raise Malformed(WORKER, "it is missing from this installation")
    known = f"self.SHELL={write_json(digests)};self.BASE={write_json(_base(site))};self.VERSION={write_json(version)};\n"
    return known.encode("utf-8") + source


def _base(site: Site) -> str:
    """The path of the site's folder on its host, without a slash at the end."""
    return urlsplit(site.url).path.rstrip("/")
