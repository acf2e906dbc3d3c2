import pytest

from testamur.errors import Malformed
from testamur.scanning.cage import Cage
from tests.scanning import papers


@pytest.fixture
def cage():
    cage = Cage()
    yield cage
    cage.close()


def test_one_child_serves_many_files(cage: Cage) -> None:
    picture = papers.saved(papers.code("hello"))
    assert [part.text for part in cage.parts(b"I", picture)] == ["hello"]
    child = cage._child
    assert [part.text for part in cage.parts(b"I", picture)] == ["hello"]
    assert cage._child is child


def test_a_child_that_died_costs_one_file_and_no_more(cage: Cage) -> None:
    picture = papers.saved(papers.code("hello"))
    cage.parts(b"I", picture)
    cage._child.kill()
    cage._child.wait()
    assert [part.text for part in cage.parts(b"I", picture)] == ["hello"]


def test_a_file_that_takes_too_long_is_given_up() -> None:
    hasty = Cage(seconds=0.01)
    try:
        with pytest.raises(Malformed, match="took longer"):
            hasty.parts(b"P", papers.pdf(papers.page()))
    finally:
        hasty.close()
