"""The commands say what the transcripts in this folder say they say."""

from pathlib import Path

import pytest

from tests.cli.transcripts import Stage

TRANSCRIPTS = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_person_reads_what_the_transcript_says(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = path.read_text("utf-8")
    assert Stage(tmp_path).play(text) == text


def test_a_transcript_that_says_something_else_is_noticed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "$ testamur lisst\n! error: there is no command 'lisst'\n= 1\n"
    assert Stage(tmp_path).play(text) == (
        "$ testamur lisst\n! error: there is no command 'lisst'\n! hint: did you mean `testamur list`?\n= 2\n"
    )
