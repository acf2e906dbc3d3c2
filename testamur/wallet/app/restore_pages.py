"""The way back: a backup with its passphrase, the words of a sheet, or those of enough guardians."""

from __future__ import annotations

import re

from fastapi import APIRouter, Request, Response

from testamur.errors import Malformed, OperatorError, TestamurError
from testamur.leaves import Arrived, Form
from testamur.vault import MEMORY, PASSES, SealedVault, Unlock
from testamur.wallet.app.hall import Hall
from testamur.wallet.app.start_pages import entered
from testamur.wallet.app.unlocking import MIN_PASSPHRASE, check_name, check_passphrase, keep_restored
from testamur.wallet.recovering import restore, words_in, words_key
from testamur.words import Sentence, say

_NO_FILE = say("Choose the file of the backup.")
_DIFFERENT = say("The two passphrases are not the same.")
_CLOSED = say("The backup does not open with this. Look at the passphrase or the words again.")
_NO_BACKUP = say("This file is no backup of a wallet, or it is damaged.")
_NEITHER = say("Give the passphrase of the backup, or the words of a sheet.")
_MAX_WORK = 4 * PASSES * MEMORY
"""Of a stranger's file: as much as four of our own passphrases."""

_BETWEEN = re.compile(r"\n\s*\n")


def restore_routes(hall: Hall) -> APIRouter:
    """``/restore``."""
    routes = APIRouter(include_in_schema=False)

    def ask(request: Request, wrong: str | None = None, name: str = "", status: int = 200) -> Response:
        return hall.leaves.page(
            request, "restore.html", status, wrong=wrong, given=name, least=MIN_PASSPHRASE
        )

    @routes.get("/restore")
    def page(request: Request) -> Response:
        return ask(request)

    @routes.post("/restore")
    def restored(request: Request, form: Arrived) -> Response:
        name = form.text("name")
        try:
            return entered(hall, _restored(hall, form))
        except Malformed as error:
            wrong = error.message
            return ask(request, wrong if isinstance(wrong, Sentence) else _NO_BACKUP, name, 400)

    return routes


def _restored(hall: Hall, form: Form) -> str:
    """The token of a session in the restored wallet; raises Malformed with what is wrong."""
    name, passphrase = form.text("name"), form.raw("passphrase")
    check_name(name)
    check_passphrase(passphrase, name)
    if passphrase != form.raw("again"):
        raise Malformed("", _DIFFERENT)
    files = form.uploads("backup")
    if not files:
        raise Malformed("", _NO_FILE)
    unlock, backup = _unlock(hall, form), files[0].data
    if unlock.kind == "passphrase" and SealedVault.parse(backup).work > _MAX_WORK:
        raise Malformed("", "opening it would take too much memory or time")
    with hall.opening():
        try:
            vault = restore(backup, unlock, [hall.passphrase(passphrase)], at=hall.now())
        except OperatorError:
            raise Malformed("", _CLOSED) from None
    return keep_restored(hall, name, vault)


def _unlock(hall: Hall, form: Form) -> Unlock:
    """What opens the backup."""
    words = [part for part in _BETWEEN.split(form.text("words").replace("\r", "")) if part.strip()]
    try:
        words += [words_in(upload.data) for upload in form.uploads("sheets")]
        if words:
            return words_key(words)
    except TestamurError:
        raise Malformed("", _CLOSED) from None
    if not form.raw("old"):
        raise Malformed("", _NEITHER)
    return hall.passphrase(form.raw("old"))
