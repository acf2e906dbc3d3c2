"""Keys as words that a person can write down, read out or give away in parts (SLIP-39).

A recovery key is one share of one; guardians have shares of which so many open the vault and fewer tell nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_bytes

from testamur.errors import OperatorError
from testamur.vault.unlocking import RandomKey

SECRET_BYTES = 16
"""128 bits: twenty words."""

MAX_GUARDIANS = 16  # SLIP-39
_EXPONENT = 0  # of the stretching of SLIP-39's own passphrase, which is not used


def new_recovery() -> tuple[RandomKey, str]:
    """A recovery key and its words."""
    secret = token_bytes(SECRET_BYTES)
    return RandomKey("recovery", secret), _shares(secret, 1, 1)[0]


def new_guardians(threshold: int, count: int) -> tuple[RandomKey, list[str]]:
    """A key of guardians and the words of each of them, any ``threshold`` of whom open the vault together."""
    if not 1 <= threshold <= count <= MAX_GUARDIANS or (threshold == 1 and count > 1):
        raise OperatorError(
            f"{threshold} of {count} guardians is not possible",
            hint=f"choose at least 2 of up to {MAX_GUARDIANS}",
        )
    secret = token_bytes(SECRET_BYTES)
    return RandomKey("guardians", secret), _shares(secret, threshold, count)


def recovery_of(words: str) -> RandomKey:
    """The recovery key of its words; raises OperatorError where a word is wrong or missing."""
    return RandomKey("recovery", _combine([words]))


def guardians_of(words: Sequence[str]) -> RandomKey:
    """The key that enough guardians give back together; raises OperatorError."""
    return RandomKey("guardians", _combine(words))


def _shares(secret: bytes, threshold: int, count: int) -> list[str]:
    from shamir_mnemonic import generate_mnemonics

    groups = generate_mnemonics(1, [(threshold, count)], secret, iteration_exponent=_EXPONENT)
    return [str(words) for words in groups[0]]


def _combine(words: Sequence[str]) -> bytes:
    from shamir_mnemonic import MnemonicError, combine_mnemonics
    from shamir_mnemonic.share import Share

    given = [" ".join(each.lower().split()) for each in words]
    if not 0 < len(given) <= MAX_GUARDIANS or any(not 0 < len(each) <= 600 for each in given):
        raise OperatorError("no words were given, or too many")
    try:
        if any(Share.from_mnemonic(each).iteration_exponent != _EXPONENT for each in given):
            raise OperatorError("these words are of another kind of wallet")  # up to 15: minutes of work
        secret = bytes(combine_mnemonics(given))
    except MnemonicError as error:
        raise OperatorError(
            f"these words do not open anything: {_reason(error)}", hint="look at every word again"
        ) from None
    if len(secret) != SECRET_BYTES:
        raise OperatorError("these words are of another kind of wallet")
    return secret


def _reason(error: Exception) -> str:
    text = str(error).lower()
    if "number of mnemonics" in text or "insufficient" in text:
        return "more of the sheets are needed"
    return (
        "a word is wrong or missing"
        if "word" in text or "checksum" in text
        else "they do not belong together"
    )
