import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from testamur.errors import EvidenceUnusable
from testamur.fetch import Cached, Fetched, Memory

URL = "https://school.example/status/1.json"
START = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
MONTH = timedelta(days=30)


class Web:
    """A web of one page that counts its visitors; ``now`` is the time of day."""

    def __init__(self) -> None:
        self.now = START
        self.visits = 0
        self.up = True

    def clock(self) -> datetime:
        return self.now

    def get(self, url: str, *, accept: str = "*/*", max_bytes: int = 10) -> Fetched:
        if not self.up:
            raise EvidenceUnusable("school.example could not be reached")
        self.visits += 1
        return Fetched(url, f"visit {self.visits}".encode(), "application/json", self.now)


@pytest.fixture
def web() -> Web:
    return Web()


def online(web: Web, folder: Path, **options: timedelta) -> Cached:
    return Cached(web, folder, MONTH, clock=web.clock, **options)  # type: ignore[arg-type]


def offline(web: Web, folder: Path) -> Cached:
    return Cached(web, folder, MONTH, offline=True, clock=web.clock)


def test_a_fresh_response_is_served_without_asking_again(web: Web, tmp_path: Path) -> None:
    first = online(web, tmp_path).get(URL)
    web.now += timedelta(minutes=9)
    assert online(web, tmp_path).get(URL) == first
    assert web.visits == 1


def test_a_response_that_is_not_fresh_is_fetched_again(web: Web, tmp_path: Path) -> None:
    cached = online(web, tmp_path)
    cached.get(URL)
    web.now += timedelta(minutes=11)
    assert cached.get(URL).body == b"visit 2"


def test_online_an_old_response_never_stands_in_for_one_that_cannot_be_fetched(
    web: Web, tmp_path: Path
) -> None:
    cached = online(web, tmp_path)
    cached.get(URL)
    web.now += timedelta(minutes=11)
    web.up = False
    with pytest.raises(EvidenceUnusable, match="could not be reached"):
        cached.get(URL)


def test_offline_a_kept_response_is_served_with_the_date_it_was_fetched(web: Web, tmp_path: Path) -> None:
    online(web, tmp_path).get(URL)
    web.now += timedelta(days=29)
    assert offline(web, tmp_path).get(URL).at == START
    assert web.visits == 1


def test_offline_a_response_older_than_the_limit_is_not_served(web: Web, tmp_path: Path) -> None:
    online(web, tmp_path).get(URL)
    web.now += timedelta(days=31)
    with pytest.raises(EvidenceUnusable, match="fetched on 2026-07-01, too long ago"):
        offline(web, tmp_path).get(URL)


def test_offline_what_was_never_fetched_is_not_there(web: Web, tmp_path: Path) -> None:
    with pytest.raises(EvidenceUnusable, match=r"nothing from school\.example is kept"):
        offline(web, tmp_path).get(URL)
    assert web.visits == 0


def test_a_response_dated_in_the_future_is_not_fresh(web: Web, tmp_path: Path) -> None:
    online(web, tmp_path).get(URL)
    web.now -= timedelta(days=1)
    online(web, tmp_path).get(URL)
    assert web.visits == 2


@pytest.mark.parametrize("damage", [b"", b"{}\n", b"\xff\xfe", b'{"at":1}\nx'])
def test_a_damaged_file_is_as_good_as_none(web: Web, tmp_path: Path, damage: bytes) -> None:
    online(web, tmp_path).get(URL)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(damage)
    assert online(web, tmp_path).get(URL).body == b"visit 2"


def test_a_file_cut_short_is_as_good_as_none(web: Web, tmp_path: Path) -> None:
    online(web, tmp_path).get(URL)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:-1])
    assert online(web, tmp_path).get(URL).body == b"visit 2"


def test_a_file_moved_to_another_name_is_not_served_for_it(web: Web, tmp_path: Path) -> None:
    other = "https://other.example/"
    online(web, tmp_path).get(URL)
    (kept,) = tmp_path.iterdir()
    online(web, tmp_path).get(other)
    (second,) = set(tmp_path.iterdir()) - {kept}
    kept.replace(second)
    assert online(web, tmp_path).get(other).body == b"visit 3"


def test_file_names_say_nothing_of_what_was_looked_up(web: Web, tmp_path: Path) -> None:
    online(web, tmp_path).get(URL)
    assert [len(path.stem) for path in tmp_path.iterdir()] == [64]


def test_the_oldest_responses_go_when_the_folder_is_full(web: Web, tmp_path: Path) -> None:
    cached = Cached(web, tmp_path, MONTH, max_total=1500, clock=web.clock)
    for number in range(30):
        cached.get(f"https://school.example/{number}")
    assert 0 < sum(path.stat().st_size for path in tmp_path.iterdir()) <= 1500


def test_a_folder_that_cannot_be_written_is_no_reason_to_stop(web: Web, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert online(web, tmp_path / "file").get(URL).body == b"visit 1"


def test_many_who_ask_at_once_cause_one_request(web: Web, tmp_path: Path) -> None:
    cached, start = online(web, tmp_path), threading.Barrier(8)

    def ask(_: int) -> bytes:
        start.wait()
        return cached.get(URL).body

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) == {b"visit 1"}
    assert web.visits == 1


def test_memory_forgets_the_least_recently_used_when_it_is_full() -> None:
    memory: Memory[int] = Memory(2, 60)
    made: list[str] = []

    def make(name: str) -> int:
        made.append(name)
        return len(made)

    for name in "abacab":
        memory.get(name, lambda name=name: make(name))
    assert made == ["a", "b", "c", "b"]


def test_memory_forgets_after_its_time() -> None:
    now = [0.0]
    memory: Memory[float] = Memory(2, 60, now=lambda: now[0])
    assert memory.get("a", lambda: now[0]) == 0
    now[0] = 59.0
    assert memory.get("a", lambda: now[0]) == 0
    now[0] = 61.0
    assert memory.get("a", lambda: now[0]) == 61


def test_memory_does_not_keep_a_failure() -> None:
    memory: Memory[int] = Memory(2, 60)
    with pytest.raises(EvidenceUnusable):
        memory.get("a", lambda: (_ for _ in ()).throw(EvidenceUnusable("no")))
    assert memory.get("a", lambda: 1) == 1


def test_many_processes_that_ask_at_once_cause_one_request(tmp_path):
    """Each ``Cached`` stands for a process: they share nothing but the folder."""
    from time import sleep

    asked = []

    class Slow:
        def get(self, url, *, accept="*/*", max_bytes=1000):
            asked.append(url)
            sleep(0.2)
            return Fetched(url, b"list", "application/json", START)

    def ask(_):
        return Cached(Slow(), tmp_path, MONTH, clock=lambda: START).get(URL)

    with ThreadPoolExecutor(8) as pool:
        assert {each.body for each in pool.map(ask, range(8))} == {b"list"}
    assert len(asked) == 1
    assert [path.suffix for path in tmp_path.iterdir()] == [".response"]
