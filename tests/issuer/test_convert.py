"""``testamur convert``: badges into one record, records into the European model; what does not stand is refused."""

from pathlib import Path

import pytest

from testamur.cli import run
from testamur.jsontext import parse_object

SHEET = "learner_id,name,score,completed\n1,ሰላም ተስፋዬ,88,2026-07-01\n2,ሰላም ተስፋዬ,90,2026-07-02\n3,សុខ សុភាព,91,2026-07-02\n"


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TESTAMUR_PASSPHRASE", "a passphrase for tests")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "c.csv").write_text(SHEET, "utf-8")
    assert run(["init", "--name", "Valdoria", "--url", "https://valdoria.example"]) == 0
    assert run(["template", "new", "course"]) == 0
    issue = ["issue", "c.csv", "--template", "course", "--key", "learner_id", "--out", "out", "--no-pdf"]
    assert run(issue) == 0
    return tmp_path


def of(folder: Path, name: str) -> list[str]:
    return sorted(str(path) for path in (folder / "out").glob(f"{name}*.json"))


def test_badges_of_one_person_become_one_signed_record(
    school: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    badges = of(school, "ሰላም")
    clr = ["--to", "clr", "--title", "Record of learning", "--offline", "--out"]
    assert run(["convert", *badges, *clr, "clr.json"]) == 0
    assert run(["publish", "site"]) == 0
    capsys.readouterr()
    assert run(["verify", "--mirror", "site", "clr.json"]) == 0
    told = capsys.readouterr().out
    assert "It holds 2 credentials: 2 genuine." in told
    assert "Record of learning" in told
    assert run(["convert", *badges, *clr, "clr.json"]) == 2  # never over a signed record
    assert run(["convert", *badges, *of(school, "សុខ"), *clr, "more.json"]) == 2
    assert "not about the same person as the first" in capsys.readouterr().err
    assert not (school / "more.json").exists()


def test_a_changed_badge_is_not_gathered(school: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(of(school, "ሰላም")[0])
    path.write_text(path.read_text("utf-8").replace('"88"', '"98"').replace('"90"', '"98"'), "utf-8")
    assert run(["convert", str(path), "--to", "clr", "--offline", "--out", "clr.json"]) == 2
    assert "signature" in capsys.readouterr().err


def test_a_record_is_exported_to_the_european_model_and_labelled(
    school: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["convert", of(school, "ሰላም")[0], "--to", "elm", "--country", "ETH", "--out", "elm.json"]) == 0
    assert "not sealed" in capsys.readouterr().err
    made = parse_object((school / "elm.json").read_bytes())
    assert "EuropeanDigitalCredential" in made["type"]
    assert run(["verify", "--offline", "elm.json"]) != 0


def test_what_is_no_badge_of_old_or_no_credential_is_named(
    school: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["convert", "c.csv", "--to", "badge", "--out", "b.json"]) == 2
    assert run(["convert", "c.csv", "--to", "elm", "--out", "b.json"]) == 2
    assert run(["convert", *of(school, ""), "--to", "elm", "--out", "b.json"]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert not (school / "b.json").exists()
