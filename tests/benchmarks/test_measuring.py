"""What the benchmark does with figures: rounds alternate, medians are medians, ratios go the right way."""

import pytest

from benchmarks.aims import AIMS, aims_table
from benchmarks.measuring import Contender, Figure, alternate, timed
from benchmarks.tables import block_tables, ratio, size_table


def contender(name, seconds, asked):
    def turn(calls):
        asked.append(name)
        return [seconds] * calls

    return Contender("a suite", name, "verify", turn)


def test_contenders_take_turns_and_every_other_round_goes_backwards():
    asked = []
    alternate([contender(name, 0.01, asked) for name in "abc"], rounds=2, seconds=0.1)
    assert asked[-6:] == ["a", "b", "c", "c", "b", "a"]


def test_a_turn_is_as_long_as_was_asked_for_and_never_a_single_call():
    figures = alternate([contender("quick", 0.01, []), contender("slow", 1, [])], rounds=3, seconds=0.1)
    assert [figure.calls for figure in figures] == [30, 6]
    assert [figure.median for figure in figures] == pytest.approx([10_000, 1_000_000])


def test_median_and_p95_leave_the_odd_moment_out():
    moments = iter([0.001] * 100 + ([0.002] * 18 + [0.003, 9.0]) * 100)
    (figure,) = alternate(
        [Contender("", "", "", lambda calls: [next(moments) for _ in range(calls)])], rounds=1, seconds=0.02
    )
    assert figure.median < 3000
    assert figure.p95 <= 9e6


def test_every_call_has_its_own_number():
    numbers = []
    turn = timed(numbers.append)
    assert len(turn(3) + turn(2)) == 5
    assert numbers == [0, 1, 2, 3, 4]


FIGURES = [
    Figure("eddsa-rdfc-2022", "floor", "verify", 50, 60, 9),
    Figure("eddsa-rdfc-2022", "PyLD, contexts kept", "verify", 9000, 9900, 9, "given less"),
    Figure("eddsa-rdfc-2022", "testamur, proof alone", "verify", 200, 260, 9),
]


def test_a_ratio_is_of_the_first_to_the_second():
    assert ratio(FIGURES, "eddsa-rdfc-2022", "PyLD, contexts kept", "testamur, proof alone", "verify") == 45
    assert ratio(FIGURES, "eddsa-rdfc-2022", "openvc-core", "testamur, proof alone", "verify") is None


def test_a_table_reads_from_the_floor_to_the_peers_and_says_what_was_given():
    (table,) = block_tables(FIGURES)
    assert [line[0] for line in table.lines] == ["floor", "testamur, proof alone", "PyLD, contexts kept"]
    assert table.lines[2][4:] == ("9,000", "9,900", "45.00")
    assert "PyLD, contexts kept: given less" in table.text()
    assert "| floor | – | – | – | 50.0 | 60.0 | 0.25 |" in table.markdown()


def test_aims_are_passed_missed_or_not_measured():
    said = {line[0]: line[3] for line in aims_table(FIGURES).lines}
    assert said["PyLD, contexts kept, verify"] == said["proof over floor, verify"] == "passed"
    assert said["openvc-core's JWT, verify"] == "not measured"
    slower = [*FIGURES[:2], Figure("eddsa-rdfc-2022", "testamur, proof alone", "verify", 400, 500, 9)]
    assert {line[3] for line in aims_table(slower).lines[:5]} == {"missed", "not measured"}
    assert len(AIMS) == len(said)


def test_sizes_go_down_and_ways_across():
    sizes = [
        Figure(f"{size} kB", "jcs", act, size * 10, 0, 9) for size in (1, 2) for act in ("create", "verify")
    ]
    assert size_table(sizes).lines == (("1 kB", "10.0", "10.0"), ("2 kB", "20.0", "20.0"))
