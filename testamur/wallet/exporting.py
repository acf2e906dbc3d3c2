"""Exporting: everything but the keys, in a bundle that other programs can read (docs/wallet-bundle.md)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime

from testamur.jsontext import Json, write_json
from testamur.times import write_instant
from testamur.vault import Contents, HeldRecord, contents_json
from testamur.wallet.importing import FORMAT, MANIFEST
from testamur.wallet.records import told
from testamur.wallet.sharing import SUFFIXES

_DAY = (1980, 1, 1, 0, 0, 0)


def export_bundle(contents: Contents, *, at: datetime, only: Sequence[HeldRecord] | None = None) -> bytes:
    """The ZIP file: each form as it was received, the answers about it, what came with it, and the history."""
    plain = contents_json(contents)
    answers = {record["id"]: record["looks"] for record in plain["records"]}
    records = contents.records if only is None else tuple(only)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        entries = [
            _entry(archive, record, number, answers[record.id]) for number, record in enumerate(records, 1)
        ]
        manifest: Json = {"format": FORMAT, "created": write_instant(at), "records": entries}
        _write(archive, MANIFEST, _text(manifest))
        if only is None:
            _write(archive, "history.json", _text(plain["history"]))
            _write(archive, "contacts.json", _text(plain["contacts"]))
    return file.getvalue()


def _entry(archive: zipfile.ZipFile, record: HeldRecord, number: int, answers: list[Json]) -> Json:
    folder = f"records/{number:04}"
    forms: list[Json] = []
    for place, form in enumerate(record.forms, 1):
        name = f"{folder}/form-{place}.{SUFFIXES.get(form.format, form.format.partition('+')[2] or 'txt')}"
        _write(archive, name, form.text.encode("utf-8"))
        forms.append({"file": name, "format": form.format, "mediaType": form.media_type})
    files: list[Json] = []
    for place, kept in enumerate(record.enclosures, 1):
        name = f"{folder}/file-{place}.{kept.name.rpartition('.')[2][:8] or 'bin'}"
        _write(archive, name, kept.data)
        files.append({"file": name, "mediaType": kept.media_type, "name": kept.name})
    _write(archive, f"{folder}/answers.json", _text(answers))
    said = told(record)
    return {
        "id": record.id,
        "name": said.award,
        "issuer": said.issuer,
        "received": record.received,
        "source": record.source,
        "forms": forms,
        "files": files,
        "answers": f"{folder}/answers.json",
        "replaces": record.replaces,
        "replacedBy": record.replaced_by,
        "display": record.display,
    }


def _write(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _DAY), data, zipfile.ZIP_DEFLATED)


def _text(value: object) -> bytes:
    return write_json(value).encode("utf-8")
