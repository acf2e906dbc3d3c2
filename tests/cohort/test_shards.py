"""A cohort cut into shards: planned once, gone on with, and rows issued by others meanwhile left alone."""

from collections.abc import Callable, Iterator

import pytest

from testamur.cohort import issue_cohort, survey
from testamur.cohort.run import keep_look, plan_cohort
from testamur.cohort.shard import Issued, ShardWork
from testamur.errors import OperatorError, RowMismatch
from testamur.issuing import Issuer
from testamur.pool import spread
from testamur.store import Ledger
from tests.issuing.school import SCHOOL, Graduates, a_cohort, an_issuer


@pytest.fixture
def issuer(ledger_url: str) -> Iterator[Issuer]:
    with Ledger.open(ledger_url) as ledger:
        issuer = an_issuer(ledger)
        keep_look(a_cohort(1), issuer)
        yield issuer


def _states(issuer: Issuer, plan: int) -> list[str]:
    return [shard.state for shard in issuer.ledger.shards(plan)]


def test_the_same_sheet_cut_the_same_way_has_the_same_plan(issuer: Issuer) -> None:
    plan = plan_cohort(a_cohort(7), issuer, 3, anew=False)
    assert [shard.rows for shard in issuer.ledger.shards(plan)] == [3, 3, 1]
    assert plan_cohort(a_cohort(7), issuer, 3, anew=False) == plan
    assert plan_cohort(a_cohort(7), issuer, 2, anew=False) != plan
    assert plan_cohort(a_cohort(8), issuer, 3, anew=False) != plan


def test_a_plan_that_is_not_finished_is_gone_on_with(issuer: Issuer) -> None:
    cohort = a_cohort(7)
    plan = plan_cohort(cohort, issuer, 3, anew=False)
    portions = list(cohort.rows.portions(3))
    work = ShardWork(cohort, issuer, plan=plan, changed=False)
    assert work((1, portions[1])) == Issued(new=3)
    assert _states(issuer, plan) == ["open", "done", "open"]
    assert issue_cohort(cohort, issuer, shard_rows=3) == Issued(new=4, known=3)
    assert _states(issuer, plan) == ["done", "done", "done"]


def test_rows_that_another_process_issued_meanwhile_are_left_as_they_are(issuer: Issuer) -> None:
    issue_cohort(a_cohort(4), issuer, shard_rows=10)
    cohort = a_cohort(7)
    plan = plan_cohort(cohort, issuer, 10, anew=False)
    work = ShardWork(
        cohort, issuer, plan=plan, changed=False, fresh=True
    )  # as if none were there when we began
    assert work((0, next(cohort.rows.portions(10)))) == Issued(new=3, known=4)
    assert [record.row_key for record in issuer.ledger.each(SCHOOL)] == [f"S-{n:04}" for n in range(7)]


def test_with_leave_to_change_a_plan_that_is_not_finished_begins_again(issuer: Issuer) -> None:
    cohort = a_cohort(4, changed=[1])
    plan = plan_cohort(cohort, issuer, 2, anew=False)
    ShardWork(cohort, issuer, plan=plan, changed=False)((0, next(cohort.rows.portions(2))))
    issue_cohort(a_cohort(4), issuer, changed=True, shard_rows=2)  # the row is changed back elsewhere
    assert issue_cohort(cohort, issuer, changed=True, shard_rows=2) == Issued(new=1, replaced=1, known=3)


def test_a_sheet_whose_rows_are_of_too_many_kinds_is_surveyed_row_by_row(issuer: Issuer) -> None:
    class Varied(Graduates):
        @property
        def samples(self) -> list[object]:  # type: ignore[override]
            return []

    cohort = a_cohort(3)
    broken = type(cohort)(
        rows=Varied(3), template=cohort.template, template_name="diploma", batch="b", at=cohort.at,
        issuer_name="Valdoria", issuer_url="not an address",
    )  # fmt: skip
    assert {problem.line for problem in survey(broken, issuer).problems} == {2, 3, 4}


def _doubling() -> Callable[[int], int]:
    return _double


def _double(number: int) -> int:
    if number == 13:
        raise RowMismatch(13, "grade", "it is not a grade")
    return 2 * number


def test_results_come_back_in_order_whoever_made_them() -> None:
    assert list(spread(_doubling, range(7), jobs=2)) == [0, 2, 4, 6, 8, 10, 12]
    assert list(spread(_doubling, range(3), jobs=1)) == [0, 2, 4]


def test_an_error_comes_back_from_another_process_as_it_was() -> None:
    with pytest.raises(RowMismatch, match="it is not a grade") as caught:
        list(spread(_doubling, range(20), jobs=2))
    assert (caught.value.line, caught.value.column) == (13, "grade")


def _failing() -> Callable[[int], int]:
    raise OperatorError("wrong passphrase", hint="try again")


def test_what_hinders_a_process_from_beginning_is_told_with_its_hint() -> None:
    with pytest.raises(OperatorError, match="wrong passphrase") as caught:
        list(spread(_failing, range(3), jobs=2))
    assert caught.value.hint == "try again"
