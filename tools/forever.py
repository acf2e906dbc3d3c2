"""Writes this release's outputs as vectors: ``python tools/forever.py`` fills tests/vectors/forever/VERSION.

Every later version must give the answers in ``manifest.json`` (``tests/test_forever.py``). Once a release is
out its folder is never written again; before that, run this after any change of a format or of the page.
Keys, days and names are fixed; ids, salts and places in status lists are drawn anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from hashlib import sha256, sha384
from pathlib import Path
from shutil import copyfile, rmtree
from tempfile import TemporaryDirectory
from uuid import NAMESPACE_URL, uuid5

from forever_forms import ASKED, FORM_KEYS, further_inputs

from testamur import __version__
from testamur.backup import write_backup
from testamur.checks import Headline
from testamur.credentials import Template, facts, shipped_template
from testamur.errors import TestamurError, Unsupported
from testamur.home import Home
from testamur.issuer.founding import add_key
from testamur.issuer.outputs import Outputs
from testamur.issuing import Draft, Issuer
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import LocalSigner, PrivateKey, VerificationMethod
from testamur.papercode import encode
from testamur.presenting import holder_signer
from testamur.proofs import DataIntegrity, VcJwt, VpJwt, decode, open_document
from testamur.publishing import publish
from testamur.render import qr_png
from testamur.store import REVOCATION, SUSPENSION, KeyEntry, Ledger, Record

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "vectors" / "forever"
URL = "https://diplomas.valdoria.example"
NAME = "Universidad de Valdoria"
PASSPHRASE = "ቃል – parola – 口令"  # of the key file and the backup: nothing in them is secret
GRADUATION = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
PUBLISHED = datetime(2026, 8, 20, tzinfo=UTC)
AT = datetime(2026, 9, 1, 12, tzinfo=UTC)
KEYS = {"key-1": "Ed25519", "key-2": "P-256", "key-3": "P-384", "status-1": "Ed25519"} | FORM_KEYS

_DIPLOMA = {
    "student_number": "V-0001", "name": "ሰላማዊት ኃይለማርያም", "name_latin": "Selamawit Hailemariam",
    "programme": "Bachelor of Science in Hydrology", "grade": "Distinction", "credits": "240",
    "awarded": "2026-06-30", "diploma_number": "2026/0001",
}  # fmt: skip
_BADGE = {
    "name": "নূরজাহান বেগম",
    "name_latin": "Nurjahan Begum",
    "email": "nurjahan@example.net",
    "awarded": "2026-06-12",
}


@dataclass(frozen=True)
class School:
    """A home with a key of each kind, and what it has issued."""

    home: Home
    ledger: Ledger
    name = NAME
    url = URL

    @property
    def did(self) -> str:
        """The school's DID."""
        return self.home.did

    def signer(self, name: str) -> LocalSigner:
        """The key of a name."""
        return LocalSigner(_key(name), f"{self.home.did}#{name}")

    def issue(
        self, key: str, template: str, row: dict[str, str], *, suspendable: bool = False, replaces: str = ""
    ) -> Record:
        """A record of one row, its look kept for its page."""
        loaded = Template.load(shipped_template(template))
        self.ledger.keep_look(self.home.did, loaded.look.digest, loaded.look.text)
        document = loaded.fill(
            row, line=2, issuer_id=self.home.did, issuer_name=NAME, issuer_url=URL, at=GRADUATION,
            record_id=uuid5(NAMESPACE_URL, f"{URL} {row} {replaces}").urn,
        )  # fmt: skip
        draft = Draft(
            document=document, at=GRADUATION, paper=loaded.paper_document, template=template,
            look=loaded.look.digest, suspendable=suspendable, replaces=replaces,
        )  # fmt: skip
        issuer = Issuer(self.signer(key), self.ledger, self.home.did, self.home.status_url)
        return issuer.issue_batch([draft])[0]


def main() -> None:
    """Write the folder of this version anew."""
    target = FOLDER / __version__
    with TemporaryDirectory() as aside:
        folder = Path(aside) / "home"
        home = Home(
            folder,
            NAME,
            URL,
            "did:web:diplomas.valdoria.example",
            "sqlite:///ledger.sqlite",
            "diplomas.valdoria.example",
            token_lists=("jwt", "cwt"),
        )
        for part in (folder, home.keys_folder, home.templates_folder):
            part.mkdir()
        home.save()
        with home.ledger() as ledger:
            school = School(home, ledger)
            _add_keys(school)
            made = dict(_made(school))
            if target.exists():
                rmtree(target)
            _write(school, made, target)
        write_backup(home, target / "backup.sealed", PASSPHRASE)
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    print(f"{target.relative_to(ROOT)}: {len(made)} inputs, {size:,} bytes in all")


def _add_keys(school: School) -> None:
    """A file for the key that signs diplomas; the others are only registered."""
    home, ledger = school.home, school.ledger
    add_key(home, ledger, "key-1", _key("key-1"), PASSPHRASE, use="assertion", at=GRADUATION)
    for name in list(KEYS)[1:]:
        key = _key(name)
        use = "status" if name == "status-1" else "forms" if name in FORM_KEYS else "assertion"
        entry = KeyEntry(
            id=name, multikey=key.public_key.multikey, algorithm=key.algorithm, created=GRADUATION, use=use
        )
        ledger.add_key(home.did, entry)


def _made(school: School) -> Iterator[tuple[str, tuple[bytes, Headline]]]:
    """Each input by its file name, with the answer it must get for ever."""
    outputs = Outputs(school.home, school.ledger)
    diploma = school.issue("key-1", "diploma", _DIPLOMA)
    for kind in ("json", "jwt", "pdf", "png", "svg"):
        yield f"diploma.{kind}", (outputs.make(diploma, kind), Headline.GENUINE)
    yield "diploma.code.txt", (outputs.code(diploma).encode(), Headline.GENUINE)
    yield "diploma.qr.png", (qr_png(outputs.code(diploma)), Headline.GENUINE)
    forged = outputs.make(diploma, "json").replace(b'"Distinction"', b'"Distinction with honours"')
    yield "forged.json", (forged, Headline.NOT_GENUINE)
    badge = outputs.make(school.issue("key-1", "badge", _BADGE), "svg")
    yield "badge.svg", (badge, Headline.GENUINE)
    yield from _states(school, outputs)
    for key, algorithm in KEYS.items():
        if key != "status-1" and key not in FORM_KEYS:
            yield from _suites(school, key, algorithm)
    yield from _presentations(outputs.make(diploma, "json"), outputs.make(diploma, "jwt"))
    yield from further_inputs(school, _holder(), _DIPLOMA, at=GRADUATION, shown_at=AT - timedelta(hours=1))


def _states(school: School, outputs: Outputs) -> Iterator[tuple[str, tuple[bytes, Headline]]]:
    """Records that were revoked, suspended and replaced since."""
    later = GRADUATION + timedelta(days=9)
    for number, headline in enumerate((Headline.REVOKED, Headline.SUSPENDED, Headline.REPLACED), 2):
        row = _DIPLOMA | {"student_number": f"V-{number:04}", "diploma_number": f"2026/{number:04}"}
        record = school.issue("key-1", "diploma", row, suspendable=headline is Headline.SUSPENDED)
        if headline is Headline.REVOKED:
            school.ledger.set_status(record.id, REVOCATION, True, reason="issued_in_error", at=later)
        elif headline is Headline.SUSPENDED:
            school.ledger.set_status(record.id, SUSPENSION, True, reason="under_review", at=later)
        else:
            school.issue("key-1", "diploma", row, replaces=record.id)
        for kind in ("json", "jwt"):
            yield f"{headline}.{kind}", (outputs.make(record, kind), headline)


def _suites(school: School, key: str, algorithm: str) -> Iterator[tuple[str, tuple[bytes, Headline]]]:
    """One document by a key in every way in which it can sign; issued once, so that its digest is listed."""
    family = "eddsa" if algorithm == "Ed25519" else "ecdsa"
    year = "2022" if family == "eddsa" else "2019"
    record = school.issue(key, "licence", _licence(algorithm))
    form = record.form("full")
    assert form is not None
    document = {name: value for name, value in parse_object(form.text).items() if name != "proof"}
    yield f"{family}-rdfc-{year}.{algorithm}.json", (form.text.encode(), Headline.GENUINE)
    signer = school.signer(key)
    other = DataIntegrity(f"{family}-jcs-{year}").secure(write_json(document), signer, at=GRADUATION)
    yield f"{family}-jcs-{year}.{algorithm}.json", (other.text.encode(), Headline.GENUINE)
    token = VcJwt().secure(write_json(document), signer, at=GRADUATION).text
    yield f"vc.{algorithm}.jwt", (token.encode(), Headline.GENUINE)
    extract = record.form("paper")
    assert extract is not None
    yield f"licence.{algorithm}.code.txt", (encode(extract.text, "Q.EXAMPLE").encode(), Headline.GENUINE)


def _licence(algorithm: str) -> dict[str, str]:
    return {
        "licence_number": f"L-{algorithm}", "name": "Олена Шевченко", "name_latin": "Olena Shevchenko",
        "birth_date": "1990-02-28", "scope": "Фізика", "granted": "2026-06-30", "valid_until": "2076-06-30",
    }  # fmt: skip


def _presentations(full: bytes, token: bytes) -> Iterator[tuple[str, tuple[bytes, Headline]]]:
    """The diploma shown by its holder, to nobody in particular, in both ways."""
    holder = _holder()
    did = holder.verification_method.partition("#")[0]
    v2 = "https://www.w3.org/ns/credentials/v2"
    shown: Json = {"@context": [v2], "type": ["VerifiablePresentation"], "holder": did}
    envelope = {
        "@context": v2,
        "id": f"data:application/vc+jwt,{token.decode().strip()}",
        "type": "EnvelopedVerifiableCredential",
    }
    integrity = DataIntegrity(purpose="authentication")
    embedded = write_json(shown | {"verifiableCredential": [parse_object(full)]})
    enveloped = write_json(shown | {"verifiableCredential": [envelope]})
    yield "shown.json", (integrity.secure(embedded, holder, at=PUBLISHED).text.encode(), Headline.GENUINE)
    yield "shown.jwt", (VpJwt().secure(enveloped, holder, at=PUBLISHED).text.encode(), Headline.GENUINE)


def _write(school: School, made: dict[str, tuple[bytes, Headline]], target: Path) -> None:
    """The inputs, the published folder, the key file, the trust file and the manifest."""
    (target / "inputs").mkdir(parents=True)
    for name, (data, _) in made.items():
        (target / "inputs" / name).write_bytes(data)
    publish(school.home.site, school.ledger, school.signer("status-1"), target / "public", at=PUBLISHED)
    rmtree(target / "public" / "Q")  # the page of the day, which no later version reads
    (target / "public" / "verifier-worker.js").unlink()
    copyfile(target / "public" / "trust.json", target / "trusted.json")
    copyfile(school.home.keys_folder / "key-1.key", target / "key-1.key")
    manifest = {
        "version": __version__,
        "at": AT.isoformat().replace("+00:00", "Z"),
        "school": {"name": NAME, "did": school.home.did, "url": URL},
        "passphrase": PASSPHRASE,
        "asked": {"domain": ASKED.domain, "challenge": ASKED.challenge},
        "records": len(school.ledger.find(school.home.did, limit=1000)),
        "inputs": {
            name: {"headline": headline} | _told(name, data) for name, (data, headline) in made.items()
        },
    }
    (target / "manifest.json").write_text(_indented(manifest), "utf-8")


def _told(name: str, data: bytes) -> Json:
    """The facts of a record by itself; of other inputs the test compares the headline alone."""
    try:
        document = decode(data)
        told = facts(open_document(document, _no_key).claims, may_lack=name.startswith("copy."))
    except TestamurError:
        return {}
    if document.is_presentation:
        return {}
    return {
        "facts": {
            field.name: getattr(told, field.name) for field in fields(told) if getattr(told, field.name)
        }
    }


def _no_key(url: str, purpose: str, at: datetime | None) -> VerificationMethod:
    """What a record says does not depend on its key."""
    raise Unsupported(f"{url} is not looked up")


def _holder() -> LocalSigner:
    return holder_signer(_key("holder"))


def _indented(value: Json) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _key(name: str) -> PrivateKey:
    algorithm = KEYS.get(name, "Ed25519")
    digest: Callable[[bytes], object] = sha384 if algorithm == "P-384" else sha256
    seed = digest(f"for ever {name}".encode()).digest()  # type: ignore[attr-defined]
    return PrivateKey.from_secret(algorithm, b"\0" + seed[1:])


if __name__ == "__main__":
    main()
