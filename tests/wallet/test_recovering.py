"""The way back: from the backup's passphrase, from the sheet, from guardians; and what opens nothing any more."""

import io

import pypdfium2
import pytest

from testamur.errors import Malformed, OperatorError
from testamur.vault import Passphrase, SealedVault, Vault, new_device
from testamur.wallet.recovering import (
    backup,
    guardian_sheet,
    recovery_sheet,
    restore,
    with_guardians,
    with_recovery,
    words_in,
    words_key,
)
from testamur.words import LANGUAGES, Tongue
from tests.town import NOW, Town
from tests.wallet.people import CHEAP, received

NEW = Passphrase("አዲስ ቃል", passes=1, memory=8192)


@pytest.fixture(scope="module")
def contents():
    town = Town()
    return received(town, town.school.issue().text, town.school.issue(town.school.diploma(index=8)).text)


def photographed(pdf: bytes) -> bytes:
    file = io.BytesIO()
    pypdfium2.PdfDocument(pdf)[0].render(scale=2).to_pil().save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def lost(contents):
    """A backup with every way to open it, and what was printed; the wallet itself is gone."""
    vault = Vault.make([CHEAP, new_device()], at=NOW).holding(contents)
    sheet = with_recovery(vault, at=NOW)
    shares = with_guardians(sheet.vault, 2, 3, at=NOW)
    tongue = Tongue("am" if "am" in LANGUAGES else "en")
    printed = recovery_sheet(sheet.sheets[0], tongue, at=NOW)
    parts = [guardian_sheet(words, n, 3, 2, tongue, at=NOW) for n, words in enumerate(shares.sheets, 1)]
    return backup(shares.vault), sheet.sheets[0], shares.sheets, printed, parts


def test_it_comes_back_from_the_passphrase_the_sheet_and_guardians(lost, contents):
    data, words, shares, printed, parts = lost
    ways = (
        CHEAP,
        words_key([words]),
        words_key([words_in(words.upper().encode())]),
        words_key([words_in(photographed(printed))]),
        words_key([words_in(printed)]),
        words_key(shares[:2]),
        words_key([words_in(photographed(part)) for part in (parts[2], parts[0])]),
    )
    for unlock in ways:
        vault = restore(data, unlock, [NEW], at=NOW)
        assert vault.contents.records == contents.records
        assert vault.contents.history[-1].act == "restored"
        anew = SealedVault.parse(vault.seal())
        assert anew.unlock(NEW).contents.records == contents.records
        with pytest.raises(OperatorError):
            anew.unlock(unlock)


def test_a_backup_has_no_slot_of_a_device(lost):
    assert [slot.kind for slot in SealedVault.parse(lost[0]).slots] == ["passphrase", "recovery", "guardians"]


def test_what_is_too_little_or_wrong_opens_nothing(lost):
    data, words, shares, *_ = lost
    for texts in ([shares[0]], [words, shares[0]], ["academic " * 20], [""], [words + " academic"]):
        with pytest.raises(OperatorError):
            restore(data, words_key(texts), [NEW], at=NOW)
    with pytest.raises(Malformed):
        restore(data[:-1], CHEAP, [NEW], at=NOW)
    with pytest.raises(OperatorError):
        words_in(b"x" * 5000)
    with pytest.raises(OperatorError):
        words_in(b"%PDF-1.7 nothing")


def test_a_new_sheet_takes_the_place_of_the_old_one():
    first = with_recovery(Vault.make([CHEAP], at=NOW), at=NOW)
    second = with_recovery(first.vault, at=NOW)
    sealed = SealedVault.parse(backup(second.vault))
    assert sealed.unlock(words_key(second.sheets))
    with pytest.raises(OperatorError):
        sealed.unlock(words_key(first.sheets))


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_sheet_is_printed_in_every_language_on_one_page_with_its_words(language):
    made = with_guardians(Vault.make([CHEAP], at=NOW), 2, 3, at=NOW)
    pdf = guardian_sheet(made.sheets[0], 1, 3, 2, Tongue(language), at=NOW)
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    text = (
        document[0].get_textpage().get_text_range().replace("ﬀ", "ff").replace("ﬁ", "fi").replace("ﬂ", "fl")
    )
    assert sum(word in text for word in made.sheets[0].split()) >= 18
    assert words_in(pdf) == made.sheets[0]
