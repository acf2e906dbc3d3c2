"""Nothing lost: a backup that is a sealed vault, a sheet with words for the drawer, shares for guardians, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from testamur.errors import OperatorError, TestamurError
from testamur.scanning import kind_of, read_scan
from testamur.vault import (
    MAX_VAULT,
    RandomKey,
    SealedVault,
    Unlock,
    Vault,
    guardians_of,
    new_guardians,
    new_recovery,
    recovery_of,
)
from testamur.wallet.records import noted
from testamur.words import Tongue, say

PORTABLE = ("passphrase", "recovery", "guardians")
"""The kinds of slots that open a backup: what belongs to one device stays on it."""

_PREFIX = "TESTAMUR WORDS "


@dataclass(frozen=True, slots=True)
class Words:
    """Words for one sheet, and the vault that they open."""

    vault: Vault
    sheets: tuple[str, ...]
    threshold: int = 1


def with_recovery(vault: Vault, *, at: datetime) -> Words:
    """The vault that new recovery words open; those of an older sheet open it no more."""
    key, words = new_recovery()
    return Words(_in_place_of(vault, key, at), (words,))


def with_guardians(vault: Vault, threshold: int, count: int, *, at: datetime) -> Words:
    """The vault that any ``threshold`` of new guardians open together; older shares open it no more."""
    key, shares = new_guardians(threshold, count)
    return Words(_in_place_of(vault, key, at), tuple(shares), threshold)


def backup(vault: Vault) -> bytes:
    """A file of its own, which the passphrase, the sheet and the guardians open."""
    foreign = [slot.id for slot in vault.slots if slot.kind not in PORTABLE]
    portable = vault.without(*foreign) if foreign else vault
    return portable.seal()


def restore(data: bytes, unlock: Unlock, keep: Sequence[Unlock], *, at: datetime) -> Vault:
    """The vault of a backup, under a new key that these open; raises OperatorError, Malformed.

    The old slots are gone: whoever had the lost device, or an old sheet, opens nothing that is written from now on.
    """
    if len(data) > MAX_VAULT:
        raise OperatorError("this file is too large to be a wallet's backup")
    vault = SealedVault.parse(data).unlock(unlock)
    contents = noted(vault.contents, "restored", at=at, why=f"opened with {unlock.kind}")
    return vault.holding(contents).rekeyed(keep, at=at)


def words_key(texts: Sequence[str]) -> RandomKey:
    """The key of recovery words, or of several guardians' words; raises OperatorError."""
    words = [_plain(text) for text in texts]
    return recovery_of(words[0]) if len(words) == 1 else guardians_of(words)


def words_in(data: bytes) -> str:
    """The words on a sheet: typed into a text file, or in the code of a photo; raises OperatorError."""
    if kind_of(data) in ("png", "picture", "pdf"):
        try:
            codes = [found.text for found in read_scan(data)]
        except TestamurError as error:
            raise OperatorError(f"the sheet could not be read: {error}") from None
        words = [code for code in codes if code.startswith(_PREFIX)]
        if not words:
            raise OperatorError(
                "there is no code of a recovery sheet in it", hint="type the words into a text file"
            )
        return _plain(words[0])
    if len(data) > 4000:
        raise OperatorError("this is too long to be the words of a sheet")
    return _plain(data.decode("utf-8", "replace"))


def recovery_sheet(words: str, tongue: Tongue, *, at: datetime) -> bytes:
    """The printed sheet: the words, a code with the same, and what they are good for."""
    sentences = (
        say("Whoever has these words and a backup of the wallet can open it."),
        say("Keep the sheet where you keep your passport, away from the backup, and show it to nobody."),
    )
    return _sheet(say("Recovery of a wallet"), sentences, words, (), tongue, at)


def guardian_sheet(
    words: str, number: int, count: int, threshold: int, tongue: Tongue, *, at: datetime
) -> bytes:
    """The sheet of one guardian."""
    sentences = (
        say("You keep one part of what opens somebody's wallet; alone it opens nothing."),
        say(
            "{threshold} of {count} such sheets together open a backup of the wallet. Give yours only to its "
            "owner, when you are sure who asks.",
            threshold=threshold,
            count=count,
        ),
    )
    rows = ((tongue.say(say("Sheet")), f"{tongue.number(number)} / {tongue.number(count)}"),)
    return _sheet(say("A guardian's part"), sentences, words, rows, tongue, at)


def _sheet(
    title: str,
    sentences: Sequence[str],
    words: str,
    rows: tuple[tuple[str, str], ...],
    tongue: Tongue,
    at: datetime,
) -> bytes:
    from testamur.render import PlainSheet, sheet_pdf

    sheet = PlainSheet(
        tongue.say(title),
        tongue.language,
        tuple(map(tongue.say, sentences)),
        (*rows, (tongue.say(say("Made on")), tongue.day(at))),
        tuple(words.split()),
        _PREFIX + words.upper(),
        caption=tongue.say(say("The code holds the same words, to be scanned when the wallet is restored.")),
        footer=tongue.say(say("The words are SLIP-39 shares; any program that knows these can read them.")),
    )
    return sheet_pdf(sheet)


def _in_place_of(vault: Vault, key: RandomKey, at: datetime) -> Vault:
    """The vault with this key in the place of older ones of its kind."""
    fresh = vault.opened_by(key, at=at)
    older = [slot.id for slot in vault.slots if slot.kind == key.kind]
    return fresh.without(*older) if older else fresh


def _plain(text: str) -> str:
    return " ".join(text.upper().replace(_PREFIX.strip(), " ").split()).lower()
