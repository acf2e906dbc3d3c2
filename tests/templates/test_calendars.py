from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.credentials.calendars import MONTHS, from_iso, parse_date, print_date, to_iso, western_digits
from testamur.credentials.languages import languages
from testamur.errors import Malformed

DAYS = st.dates(date(1850, 1, 1), date(2199, 12, 31))


@given(day=DAYS, calendar=st.sampled_from(sorted(MONTHS)))
def test_every_day_survives_the_way_through_each_calendar(day, calendar):
    year, month, number = from_iso(day.isoformat(), calendar)
    assert to_iso(year, month, number, calendar) == day.isoformat()
    assert parse_date(f"{year:04d}-{month:02d}-{number:02d}", calendar=calendar) == day.isoformat()


@given(day=DAYS, calendar=st.sampled_from(sorted(MONTHS)))
def test_days_follow_one_another_in_each_calendar(day, calendar):
    if day == date(2199, 12, 31):
        return
    now = from_iso(day.isoformat(), calendar)
    following = from_iso(date.fromordinal(day.toordinal() + 1).isoformat(), calendar)
    assert following > now
    assert following[2] in (1, now[2] + 1)


@given(day=DAYS, language=st.sampled_from(["en", "es", "pt", "de", "ru", "ar", "hi", "id", "sw", "th", "fr"]))
def test_a_gregorian_date_in_words_is_read_back(day, language):
    text = print_date(day.isoformat(), language).replace("1er", "1").removesuffix(" г.")
    assert parse_date(text, language=language) == day.isoformat()


@pytest.mark.parametrize(
    ("calendar", "year", "month", "day", "iso"),
    [
        ("ethiopian", 2000, 1, 1, "2007-09-12"),  # the Ethiopian millennium
        ("ethiopian", 2015, 13, 6, "2023-09-11"),
        ("ethiopian", 2019, 1, 1, "2026-09-11"),
        ("hijri", 1445, 9, 1, "2024-03-11"),
        ("hijri", 1364, 12, 6, "1945-11-12"),
        ("ethiopian", 1938, 3, 3, "1945-11-12"),
        ("buddhist", 2569, 7, 1, "2026-07-01"),
    ],
)
def test_known_days(calendar, year, month, day, iso):
    assert to_iso(year, month, day, calendar) == iso


@pytest.mark.parametrize(
    ("text", "options", "iso"),
    [
        ("2026-07-01", {}, "2026-07-01"),
        ("2026/7/1", {}, "2026-07-01"),
        ("2026-07-01 00:00:00", {}, "2026-07-01"),
        ("2026-07-01T10:30:00Z", {}, "2026-07-01"),
        ("46204", {}, "2026-07-01"),
        ("46204.5", {}, "2026-07-01"),
        ("25/12/2026", {}, "2026-12-25"),
        ("12/25/2026", {}, "2026-12-25"),
        ("07.07.2026", {}, "2026-07-07"),
        ("03/04/2026", {"order": "dmy"}, "2026-04-03"),
        ("03/04/2026", {"order": "mdy"}, "2026-03-04"),
        ("١٥/١٢/٢٠٢٦", {}, "2026-12-15"),
        ("२०२६-०७-०१", {}, "2026-07-01"),
        ("២០២៦-០៧-០១", {}, "2026-07-01"),
        ("1 de julio de 2026", {"language": "es"}, "2026-07-01"),
        ("July 3, 2026", {}, "2026-07-03"),
        ("፲፪ መስከረም ፳፻፲፱", {"calendar": "ethiopian", "language": "am"}, "2026-09-22"),
        ("1 กรกฎาคม 2569", {"calendar": "buddhist", "language": "th"}, "2026-07-01"),
        ("1 محرم 1448", {"calendar": "hijri", "language": "ar"}, "2026-06-17"),
    ],
)
def test_dates_are_read_as_people_write_them(text, options, iso):
    assert parse_date(text, **options) == iso


@pytest.mark.parametrize(
    ("text", "options", "reason"),
    [
        ("03/04/2026", {}, "it can be read in two ways"),
        ("03/04/26", {}, "the year needs four digits"),
        ("2026-02-30", {}, "there is no such day in the Gregorian calendar"),
        ("2018-13-06", {"calendar": "ethiopian"}, "there is no such day in the Ethiopian calendar"),
        ("1447-02-30", {"calendar": "hijri"}, "there is no such day in the Hijri calendar"),
        ("25/12/2026", {"order": "mdy"}, "there is no such day"),
        ("2026-07-01", {"calendar": "buddhist"}, "that is the year 1483 in the Gregorian calendar"),
        ("0226-07-01", {}, "that is the year 226"),
        ("next summer", {}, "write it as 2026-07-01"),
        ("46204", {"calendar": "ethiopian"}, "write it as 2026-07-01"),
        ("9" * 5000, {}, "write it as 2026-07-01"),
        ("1 July 2 2026", {}, "write it as 2026-07-01"),
    ],
)
def test_what_is_no_date_is_refused_with_a_reason(text, options, reason):
    with pytest.raises(Malformed) as caught:
        parse_date(text, **options)
    assert reason in caught.value.message
    assert len(caught.value.message) < 250


@pytest.mark.parametrize(
    ("language", "calendar", "text"),
    [
        ("en", "gregorian", "1 July 2026"),
        ("fr-CA", "gregorian", "1er juillet 2026"),
        ("am", "ethiopian", "ሰኔ 24 ቀን 2018 ዓ.ም."),
        ("ar", "hijri", "15 محرم 1448 هـ"),
        ("th", "buddhist", "1 กรกฎาคม พ.ศ. 2569"),
        ("zh", "gregorian", "2026年7月1日"),
        ("xx", "gregorian", "1 July 2026"),
    ],
)
def test_a_date_is_printed_in_language_and_calendar(language, calendar, text):
    assert print_date("2026-07-01T00:00:00Z", language, calendar) == text


@pytest.mark.parametrize(
    ("ethiopic", "number"), [("፲፱፻፺፱", 1999), ("፳፻፲፰", 2018), ("፻", 100), ("፩", 1), ("፼", 10000)]
)
def test_ethiopic_numerals_are_read(ethiopic, number):
    assert western_digits(ethiopic) == str(number)


@pytest.mark.parametrize("tag", sorted(languages()))
def test_each_language_has_all_its_words(tag):
    table, english = languages()[tag], languages()["en"]
    assert table["labels"].keys() == english["labels"].keys()
    for calendar, months in (("gregorian", 12), ("ethiopian", 13), ("hijri", 12)):
        assert len(set(table.get(calendar, english[calendar]))) == months
