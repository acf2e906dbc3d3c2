"""The page reads paper codes as testamur.papercode does: the same tokens, and the same texts refused."""

import base64
import random
from importlib.resources import files

from testamur.errors import Malformed
from testamur.papercode import decode, encode
from tests.papercode.records import GRADUATES, record, signed
from tests.papercode.test_code import VECTORS
from tests.web.node import ask


def read(texts: list[str]) -> list:
    vocabulary = files("testamur.papercode").joinpath("vocabulary_1.bin").read_bytes()
    return ask("decode.mjs", [base64.b64encode(vocabulary).decode(), texts])


def token_or_none(text: str) -> str | None:
    try:
        return decode(text)
    except Malformed:
        return None


def test_published_codes_are_read_and_the_others_refused() -> None:
    assert read([code["text"] for code in VECTORS["codes"]]) == [code["jwt"] for code in VECTORS["codes"]]
    assert all("refused" in answer for answer in read([code["text"] for code in VECTORS["refused"]]))


def test_whatever_is_changed_in_a_code_both_read_the_same_token_or_none() -> None:
    chance = random.Random(4)
    texts = []
    for language in GRADUATES:
        text = encode(signed(record(language)), "verify.example")
        start = text.index("#") + 1
        for _ in range(60):
            place = chance.randrange(start, len(text))
            texts.append(text[:place] + chance.choice("0123456789") + text[place + 1 :])
            texts.append(text[:place] + text[place + chance.randrange(1, 4) :])
        texts += [text, text.lower(), text[start:], text + "0", text.replace("/Q#", "/R#"), text[:start]]
    answers = [answer if isinstance(answer, str) else None for answer in read(texts)]
    assert answers == [token_or_none(text) for text in texts]
    assert sum(answer is not None for answer in answers) >= 3 * len(GRADUATES)


def test_a_code_that_unpacks_to_too_much_is_refused() -> None:
    import zlib

    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = packer.compress(bytes(3_000_000)) + packer.flush()
    digits = int.from_bytes(bytes([1, 0]) + bytes(64) + bomb[:1600], "big")
    whole = int.from_bytes(bytes([1, 0]) + bytes(64) + zlib.compress(b" " * 200_000)[2:-4], "big")
    assert all("refused" in answer for answer in read([str(digits), str(whole)]))
