"""Nothing lost: backup, recovery sheet, guardians, export; another passphrase, another language, the end of a wallet."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

from fastapi import APIRouter, Response

from testamur.errors import Malformed, OperatorError
from testamur.store.wallets import keepers, sessions
from testamur.vault import Contents, Vault
from testamur.wallet.app.hall import Hall
from testamur.wallet.app.record_pages import download
from testamur.wallet.app.unlocking import MIN_PASSPHRASE, check_passphrase, is_passphrase
from testamur.wallet.app.visits import Open, Visit, go, set_cookie
from testamur.wallet.exporting import export_bundle
from testamur.wallet.records import noted
from testamur.wallet.recovering import (
    Words,
    backup,
    guardian_sheet,
    recovery_sheet,
    with_guardians,
    with_recovery,
)
from testamur.words import LANGUAGES, Sentence, say

_PDF, _ZIP, _BACKUP = "application/pdf", "application/zip", "application/octet-stream"
_WRONG = say("The passphrase is wrong.")
_DIFFERENT = say("The two passphrases are not the same.")
_GUARDIANS = say("Choose how many guardians there are, and how many of them are needed: at least two.")
_DONE = say("The passphrase was changed.")
_MOST_GUARDIANS = 10


def keeping_routes(hall: Hall) -> APIRouter:
    """``/keep`` and what lies below it."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/keep")
    def keep(visit: Open) -> Response:
        return _page(visit)

    @routes.post("/keep/backup")
    def backed_up(visit: Open) -> Response:
        visit.change(lambda contents: (noted(contents, "backed up", at=visit.at), None))
        return download(f"wallet-{_day(visit)}.vault", _BACKUP, backup(visit.vault))

    @routes.post("/keep/export")
    def exported(visit: Open) -> Response:
        visit.change(lambda contents: (noted(contents, "exported", at=visit.at), None))
        return download(f"records-{_day(visit)}.zip", _ZIP, export_bundle(visit.contents, at=visit.at))

    @routes.post("/keep/sheet")
    def sheet(visit: Open) -> Response:
        words = _worded(visit, lambda vault: with_recovery(vault, at=visit.at), "recovery")
        page = recovery_sheet(words.sheets[0], visit.tongue, at=visit.at)
        return download("recovery-sheet.pdf", _PDF, page)

    @routes.post("/keep/guardians")
    def guardians(visit: Open) -> Response:
        needed, count = _number(visit, "needed"), _number(visit, "count")
        if not 2 <= needed <= count <= _MOST_GUARDIANS:
            return _page(visit, _GUARDIANS, 400)
        words = _worded(visit, lambda vault: with_guardians(vault, needed, count, at=visit.at), "guardians")
        return download("guardians.zip", _ZIP, _sheets(visit, words, count))

    @routes.post("/keep/passphrase")
    def passphrase(visit: Open) -> Response:
        new = visit.form.raw("passphrase")
        try:
            check_passphrase(new)
            if new != visit.form.raw("again"):
                raise Malformed("", _DIFFERENT)
            if not is_passphrase(hall, visit.keeper, visit.form.raw("old")):
                raise Malformed("", _WRONG)
        except Malformed as error:
            return _page(visit, error.message, 400)
        with hall.opening():
            opened = visit.vault.opened_by(hall.passphrase(new), at=visit.at)
        old = [slot.id for slot in visit.vault.slots if slot.kind == "passphrase"]
        _write(visit, opened.without(*old))
        with hall.wallets.writing() as connection:
            sessions.end_all(connection, visit.keeper.id, but=visit.token)
        return _page(visit, done=_DONE)

    @routes.post("/keep/language")
    def language(visit: Open) -> Response:
        chosen = visit.form.text("language")
        if chosen in LANGUAGES:
            visit.change(lambda contents: (_speaking(contents, chosen), None))
        return go("/keep")

    @routes.post("/keep/end")
    def end(visit: Open) -> Response:
        if not is_passphrase(hall, visit.keeper, visit.form.raw("old")):
            return _page(visit, _WRONG, 403)
        with hall.wallets.writing() as connection:
            keepers.remove(connection, visit.keeper.id)
        response = go("/")
        set_cookie(hall, response, "")
        response.headers["clear-site-data"] = '"cache", "storage"'
        return response

    return routes


def _page(
    visit: Visit, wrong: str | None = None, status: int = 200, *, done: Sentence | None = None
) -> Response:
    kinds = {slot.kind for slot in visit.vault.slots}
    return visit.page(
        "keep.html", status, wrong=wrong, done=done, kinds=kinds, least=MIN_PASSPHRASE, most=_MOST_GUARDIANS
    )


def _worded(visit: Visit, make: Callable[[Vault], Words], kind: str) -> Words:
    """New words, once the vault that they open is kept."""
    words = make(visit.vault)
    contents = noted(words.vault.contents, "opened to", at=visit.at, why=kind)
    _write(visit, words.vault.holding(contents))
    return words


def _write(visit: Visit, vault: Vault) -> None:
    if not visit.write(vault):
        raise OperatorError("the wallet is being changed elsewhere", hint="try again in a moment")


def _sheets(visit: Visit, words: Words, count: int) -> bytes:
    """A sheet for each guardian, in one archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, text in enumerate(words.sheets, 1):
            page = guardian_sheet(text, number, count, words.threshold, visit.tongue, at=visit.at)
            archive.writestr(f"guardian-{number}-of-{count}.pdf", page)
    return file.getvalue()


def _speaking(contents: Contents, language: str) -> Contents:
    return replace(contents, settings=contents.settings | {"language": language})


def _number(visit: Visit, name: str) -> int:
    text = visit.form.text(name)
    return int(text) if text.isdecimal() and len(text) < 3 else 0


def _day(visit: Visit) -> str:
    return visit.at.date().isoformat()
