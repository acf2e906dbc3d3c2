from pathlib import Path

import pytest

from testamur.credentials.look import Look
from testamur.credentials.template import SHIPPED, Template, column_types, shipped_template
from testamur.credentials.template_toml import TemplateMistakes
from testamur.encoding import digest_multibase
from testamur.errors import OperatorError

SMALL = """
title = "Diploma"
kind = "diploma"
language = "am"
paper = ["holder.name", "award.name"]

[award]
name = "Nursing"
criteria = "Four years of study."

[[column]]
name = "name"
goes_to = "holder.name"
required = true
"""
CREST = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><circle r="4"/></svg>'


def mistakes(text: str) -> list[str]:
    with pytest.raises(TemplateMistakes) as caught:
        Template.load(text)
    return [str(mistake) for mistake in caught.value.mistakes]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_template_loads_and_fits_its_own_examples(name):
    template = Template.load(shipped_template(name))
    assert template.kind == name
    assert Look.parse(template.look.text) == template.look
    row = {column.name: column.example for column in template.columns} | {"courses": '[{"course.name":"A"}]'}
    assert template.check(row, 2) == []
    assert all(column.explanation and column.example for column in template.columns)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_template_explains_itself(name):
    lines = shipped_template(name).splitlines()
    assert sum(line.startswith("#") for line in lines) >= 10
    assert max(map(len, lines)) <= 140


def test_a_template_that_is_not_shipped_is_refused_with_the_list():
    with pytest.raises(OperatorError) as caught:
        shipped_template("../diploma")
    assert "diploma" in caught.value.hint


def test_an_empty_sheet_has_the_columns_and_nothing_else():
    template = Template.load(shipped_template("course"))
    assert template.empty_csv() == "\ufefflearner_id,name,name_latin,email,score,started,completed\r\n"


def test_a_template_may_say_little():
    template = Template.load(SMALL)
    assert template.look.labels["confers"] == "ይህን ሰጥቷል ለ"
    assert template.look.labels["title"] == "Diploma"
    assert template.version == 1
    assert not template.suspendable


def test_the_crest_is_a_file_beside_the_template(tmp_path: Path):
    path = tmp_path / "diploma.toml"
    path.write_text(SMALL + '\n[look]\ncrest = "crest.svg"\n', encoding="utf-8-sig")
    (tmp_path / "crest.svg").write_bytes(CREST)
    template = Template.load(path)
    assert template.crest == CREST
    assert template.look.crest == digest_multibase(CREST)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../crest.svg", "must lie in the folder"),
        ("none.svg", "cannot read"),
        ("big.png", "larger"),
        ("t.txt", "no PNG"),
    ],
)
def test_a_crest_that_cannot_be_used_is_named(tmp_path: Path, name: str, reason: str):
    folder = tmp_path / "templates"
    folder.mkdir()
    (tmp_path / "crest.svg").write_bytes(CREST)
    (folder / "big.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(1_000_000))
    (folder / "t.txt").write_text("hello")
    (folder / "d.toml").write_text(SMALL + f'\n[look]\ncrest = "{name}"\n', encoding="utf-8")
    with pytest.raises(TemplateMistakes, match=reason):
        Template.load(folder / "d.toml")


def test_a_missing_template_file_is_the_operators_error(tmp_path: Path):
    with pytest.raises(OperatorError, match="cannot read"):
        Template.load(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes('title = "Año"'.encode("latin-1"))
    with pytest.raises(OperatorError, match="UTF-8"):
        Template.load(tmp_path / "latin.toml")


def test_every_mistake_is_reported_at_once_with_line_and_hint():
    found = mistakes(
        SMALL.replace('"diploma"', '"diplom"')
        .replace('holder.name"\n', 'holder.nam"\n')
        .replace("required", "requird")
        + '\n[look]\nink = "red"\nstyel = "badge"\n'
    )
    assert found == [
        "line 3, kind: 'diplom' is not known here (did you mean diploma?)",
        "line 5, paper: holder.name is listed, but no column goes there",
        "line 11, column: nothing says whose record it is (a required column goes to holder.name)",
        "line 13, column[1].goes_to: 'holder.nam' is not known here (did you mean holder.name?)",
        "line 14, column[1].requird: this is not known here (did you mean required?)",
        "line 17, look.ink: 'red' is not a colour such as #1f3a5f",
        "line 18, look.styel: this is not known here (did you mean style?)",
    ]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('title = "Diploma"', "", "title: this is missing"),
        ('title = "Diploma"', "title = 5", "title: this should be text"),
        ('title = "Diploma"', "title = Diploma", "line 2: "),
        ('title = "Diploma"', 'title = "a\\u202Eb"', "U+202E"),
        ('kind = "diploma"', "", "kind: this is missing"),
        ('kind = "diploma"', 'kind = "badge"', "a badge needs a picture"),
        ('language = "am"', 'language = "Amharic language"', "is not a language tag"),
        ('language = "am"', 'language = "tlh"', "there are no words for the language 'tlh' yet"),
        ('language = "am"', 'language = "am"\nversion = "1"', "version: this should be a number"),
        ('language = "am"', 'language = "am"\nsuspendable = "yes"', "suspendable: this should be true or false"),
        ('"award.name"]', '"award.nam"]', "'award.nam' is no place"),
        ('"award.name"]', '"awarded"]', "awarded is listed, but no column goes there"),
        ('"award.name"]', '"award.name", "award.name"]', "something stands here twice"),
        ('["holder.name", "award.name"]', '["award.name"]', "must say who holds the record"),
        ('["holder.name", "award.name"]', '"holder.name"', "this should be a list of texts"),
        ('name = "Nursing"', "", "every record needs the name of its award"),
        ('name = "Nursing"', 'name = "Nursing"\ntype = "Diplom"', "did you mean Diploma?"),
        ('name = "Nursing"', 'name = "Nursing"\ncredits = "3"', "award.credits: this should be a number"),
        ('name = "Nursing"', 'name = "Nursing"\ncriteria_url = "javascript:alert(1)"', "is not a web address"),
        ('name = "Nursing"', 'name = "Nursing"\n[[award.alignment]]\nname = "x"', "award.alignment[1].url: this is missing"),
        ('criteria = "Four years of study."', "", "say in a sentence what had to be done"),
        ("required = true", "", "nothing says whose record it is"),
        ("required = true", 'required = true\ncalendar = "hijri"', "only a column of type date has this"),
        ("required = true", 'required = true\ntype = "date"', "date does not fit holder.name"),
        ("required = true", 'required = true\ntype = "choice"', "lists its choices"),
        ("required = true", "required = true\nmax_length = 900", "max_length: this should be a number from 1 to 200"),
        ("required = true", 'required = true\n[[column]]\nname = "NAME"\ngoes_to = "number"', "two columns have this name"),
        ("required = true", 'required = true\n[[column]]\nname = "b"\ngoes_to = "holder.name"', "two columns go to this place"),
        ("required = true", 'required = true\n[[column]]\nname = "b"', "column[2].goes_to: this is missing"),
        ("required = true", 'required = true\n[[column]]\ngoes_to = "number"', "column[2].name: this is missing"),
        ("required = true", 'required = true\n[result.grade]\nname = "Grade"', "no column goes to this result"),
        ("required = true", 'required = true\n[result.G]\nname = "Grade"\nvalue = "A"', "not usable as a name"),
        ("required = true", 'required = true\n[result.s]\nname = "S"\ntype = "Status"\nvalue = "Gone"', "'Gone' is no status"),
        ("required = true", 'required = true\n[result.s]\nname = "S"\nvalue = "C"\nallowed = ["A"]', "not in the list"),
        ("required = true", 'required = true\n[validity]\nyears = 5\nuntil = "2030-01-01"', "either years or until"),
        ("required = true", 'required = true\n[validity]\nuntil = "01/02/2030"', "it can be read in two ways"),
        ("required = true", "required = true\n[look]\nsignatories = 4", "this should be given once or more"),
        ("required = true", 'required = true\n[look]\nrows = ["grade"]', "'grade' is not one of"),
        ("required = true", 'required = true\n[look.labels]\nconfer = "x"', "did you mean confers?"),
        ("required = true", "required = true\n[colours]", "colours: this is not known here"),
        ("[[column]]", "[column]", "this should be given once or more"),
    ],
)  # fmt: skip
def test_each_mistake_is_named(old, new, reason):
    assert old in SMALL
    assert any(reason in mistake for mistake in mistakes(SMALL.replace(old, new, 1)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[" * 5000,
        "a = " + "[" * 5000,
        "x" * 300_000,
        "a = 1\na = 2",
        "a = " + "9" * 6000,
        "\x00",
        'title = "\ud800"',
    ],
)
def test_a_text_that_is_no_template_ends_in_mistakes(text):
    assert mistakes(text)


def test_the_types_of_columns_are_explained():
    assert column_types()["date"] == "a date"
