"""What is handed out: exactly what was chosen, noted before it leaves."""

import io
import json
import random

import pytest
from PIL import Image

from testamur.errors import Malformed, OperatorError
from testamur.papercode import Film, decode, film_frames, is_frame
from testamur.papercode.film import decode_base45, encode_base45
from testamur.render import film_gif
from testamur.scanning import examine, read_codes_in
from testamur.wallet.choosing import choosable, lets_choose, preview
from testamur.wallet.records import documents
from testamur.wallet.sharing import chosen, share
from tests.town import NOW, Town
from tests.wallet.people import ecdsa_sd, received, sd_jwt_vc


@pytest.fixture
def town() -> Town:
    return Town()


def test_a_file_is_the_record_as_it_was_received(town):
    full = town.school.issue()
    contents = received(town, full.text)
    shared = share(contents, contents.records[0], "file", to="Hotel", why="a job", at=NOW)
    assert shared.files[0].data == full.text.encode() + b"\n"
    event = shared.contents.history[-1]
    assert (event.act, event.who, event.why) == ("shared", "Hotel", "a job")
    assert "result" in event.shown


@pytest.mark.parametrize("make", [lambda s: sd_jwt_vc(s, None), ecdsa_sd], ids=["dc+sd-jwt", "ecdsa-sd-2023"])
def test_what_is_chosen_is_shown_and_nothing_else(town, make):
    record = make(town.school)
    contents = received(town, record.text)
    names = ["results"] if "+sd-jwt" in record.format else ["result"]
    shared = share(contents, contents.records[0], "file", names=names, at=NOW)
    text = shared.files[0].data.decode()
    report = examine(text.encode(), town.employer(), at=NOW, source="copy").reports[0]
    assert report.facts.result == "17.5 of 20"
    if "+sd-jwt" in record.format:
        assert "ሰላም" not in json.dumps(report.claims, ensure_ascii=False)
        assert shared.preview.kept_back == ("birth date", "name")
    else:
        assert "VU-2026" not in text
        assert "number" in shared.preview.kept_back
    assert set(shared.contents.history[-1].shown) == set(shared.preview.shown)
    assert not set(shared.preview.shown) & set(shared.preview.kept_back)


def test_the_preview_tells_the_values_that_the_other_side_sees(town):
    seen = preview(sd_jwt_vc(town.school, None), ["results"])
    told = {line.name: line for line in seen.lines}
    assert told["Final grade"].value == "Final grade; 17.5 of 20"
    assert told["Final grade"].is_shown
    assert not told["name"].is_shown
    assert told["award"].must


def test_of_a_record_signed_as_a_whole_no_part_is_shown(town):
    full = town.school.issue()
    assert not lets_choose(full)
    contents = received(town, full.text)
    with pytest.raises(OperatorError, match="signed as a whole"):
        chosen(contents.records[0], ["grade"])
    assert choosable(contents.records[0]) is None


def test_a_paper_form_is_one_code_and_a_long_record_a_film(town):
    full, paper = town.school.issue(), town.school.issue_paper()
    contents = received(town, full.text, paper.text)
    (record,) = contents.records
    one = share(contents, record, "qr", at=NOW)
    assert decode(one.codes[0]) == paper.text
    assert "result" not in one.preview.shown  # the extract does not hold it
    film = share(contents, record, "film", at=NOW).codes
    assert len(film) > 1
    without = received(town, full.text)
    assert len(share(without, without.records[0], "qr", at=NOW).codes) > 1


def test_a_page_is_the_one_the_school_printed_or_one_with_the_signed_code(town):
    contents = received(town, town.school.issue().text, town.school.issue_paper().text)
    made = share(contents, contents.records[0], "pdf", at=NOW).files[0]
    report = examine(made.data, town.employer(), at=NOW, source=made.name).reports[0]
    assert report.headline.value == "genuine"
    bare = received(town, town.school.issue().text)
    with pytest.raises(OperatorError, match="no printed page"):
        share(bare, bare.records[0], "pdf", at=NOW)
    with pytest.raises(OperatorError):
        share(bare, bare.records[0], "telepathy", at=NOW)


def test_a_film_is_read_in_any_order_from_its_pictures(town):
    text = documents(received(town, town.school.issue().text).records[0])[0].text
    frames = film_frames(text)
    gif = Image.open(io.BytesIO(film_gif(frames)))
    assert gif.n_frames == len(frames) > 2
    order = list(range(gif.n_frames))
    random.Random(1).shuffle(order)
    film, whole = Film(), None
    for number in [order[0], *order]:  # one is seen twice
        gif.seek(number)
        picture = io.BytesIO()
        gif.convert("L").save(picture, "PNG")
        (code,) = read_codes_in(picture.getvalue())
        assert is_frame(code)
        whole = film.add(code) or whole
    assert whole == text


def test_frames_of_two_films_never_mix_and_hostile_frames_are_refused():
    one, two = film_frames("a" * 50 + "ሰላም" * 400, frame_bytes=20), film_frames("x" * 9000, frame_bytes=20)
    film = Film()
    film.add(one[0])
    film.add(two[0])
    assert film.seen == 1
    for frame in (
        "",
        "TF1/",
        "TF1/00000000/2/1/00",
        "TF1/00000000/1/999/00",
        "TF1/0000000G/1/1/00",
        one[0] + "a",
    ):
        with pytest.raises(Malformed):
            Film().add(frame)
    damaged = "TF1/00000000/1/1/" + encode_base45(b"no deflate")
    with pytest.raises(Malformed):
        Film().add(damaged)
    with pytest.raises(Malformed):
        film_frames("".join(chr(random.Random(1).randrange(33, 126)) for _ in range(500_000)))


def test_a_film_that_bursts_is_refused():
    import zlib
    from hashlib import sha256

    data = zlib.compress(b"\0" * 40_000_000, 9)
    name = sha256(data).hexdigest()[:8].upper()
    parts = [data[n : n + 300] for n in range(0, len(data), 300)]
    frames = [f"TF1/{name}/{n}/{len(parts)}/{encode_base45(part)}" for n, part in enumerate(parts, 1)]
    film = Film()
    for frame in frames[:-1]:
        film.add(frame)
    with pytest.raises(Malformed, match="longer"):
        film.add(frames[-1])


@pytest.mark.parametrize("data", [b"", b"A", b"AB", b"Hello!!", b"base-45", bytes(range(256))])
def test_base45_goes_both_ways(data):
    assert decode_base45(encode_base45(data)) == data


def test_base45_is_that_of_rfc_9285():
    assert encode_base45(b"AB") == "BB8"
    assert encode_base45(b"Hello!!") == "%69 VD92EX0"
    assert decode_base45("QED8WEX0") == b"ietf!"
    for wrong in (":::", "A", "GGW", "bb8"):
        with pytest.raises(Malformed):
            decode_base45(wrong)


def test_of_two_names_the_one_that_is_shown_is_told(town):
    """Entries of a list are told by their place in the whole record, not in the copy."""
    record = ecdsa_sd(town.school)
    seen = preview(record, ["latin name"])
    assert "latin name" in seen.shown
    assert "name" not in seen.shown
    assert "Selam Tesfaye" in seen.document.text
    assert "ሰላም" not in seen.document.text
