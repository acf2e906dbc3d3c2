"""A small hostile document costs a bounded amount of work, and leaves nothing behind."""

import copy
import subprocess
import sys

import pytest

from testamur.contexts import SHIPPED
from testamur.errors import Malformed
from testamur.jsonld import canonical_form, canonize, door, expansion, read_nquads
from testamur.jsonld.bounds import MAX_INLINE_MEMBERS, MAX_VALUES
from testamur.jsonld.rdfc import Work
from tests.jsonld.documents import OB, V2, diploma


def poisoned(children: int) -> dict:
    """Two equal parents, each with equal children: the orders to try are factorial."""
    child = {"type": ["IdentifierEntry"], "identifier": "same", "identifierType": "name"}
    parent = {"type": ["Profile"], "name": "X", "otherIdentifier": [dict(child) for _ in range(children)]}
    document = diploma(1)
    document["issuer"]["parentOrg"] = [parent, copy.deepcopy(parent)]
    return document


@pytest.mark.parametrize("children", [7, 9, 12, 40])
def test_a_poisoned_badge_is_refused_within_its_budget_of_work(
    children: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent = 0
    spend = Work.spend

    def count(self: Work, amount: int) -> None:
        nonlocal spent
        spend(self, amount)
        spent += amount

    monkeypatch.setattr(Work, "spend", count)
    with pytest.raises(Malformed, match="look alike"):
        canonize(poisoned(children))
    assert spent < 20_000


def test_equal_children_of_equal_parents_are_labelled_while_they_are_few() -> None:
    assert canonize(poisoned(3)).count(b'"same"') == 6


def test_many_equal_nodes_under_one_parent_are_no_poison() -> None:
    document = diploma(1)
    document["credentialSubject"]["result"] = [{"type": ["Result"], "value": "A"} for _ in range(300)]
    assert canonize(document).count(b'/value> "A"') == 300


def test_a_long_chain_of_nodes_that_look_alike_is_refused() -> None:
    chain = "".join(f"_:a{i} <urn:p> _:a{i + 1} .\n" for i in range(3000))
    ring = chain + "_:a3000 <urn:p> _:a0 .\n"
    with pytest.raises(Malformed, match="look alike"):
        canonical_form(read_nquads(ring)[0])


def test_a_deeply_nested_document_is_refused() -> None:
    document: dict = {"https://x/p": "end"}
    for _ in range(5000):
        document = {"https://x/p": document}
    with pytest.raises(Malformed, match="deep"):
        canonize(document)


def test_a_document_with_too_many_values_is_refused_before_it_is_expanded() -> None:
    with pytest.raises(Malformed, match="values"):
        canonize({"@context": {"p": "https://x/p"}, "p": list(range(MAX_VALUES))})


def test_a_document_that_brings_too_many_terms_is_refused() -> None:
    context = {f"t{number}": f"https://x/{number}" for number in range(MAX_INLINE_MEMBERS + 1)}
    with pytest.raises(Malformed, match="contexts"):
        canonize({"@context": [V2, context], "t1": "x"})


def test_a_document_that_switches_contexts_more_than_the_budget_allows_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(expansion, "_MAX_CONTEXT_WORK", 60)
    with pytest.raises(Malformed, match="contexts too often"):
        door.canonize_generally(diploma(1))


def test_contexts_written_in_a_document_are_not_remembered() -> None:
    canonize(diploma(1))
    planner = door.planner_for(SHIPPED)
    weight = planner.weight
    for number in range(20):
        canonize({**diploma(1), "@context": [V2, OB, {f"t{number}": f"https://x/{number}"}]})
    # only the plan of the whole document's keys may be new
    assert planner.weight - weight < 10_000


def test_a_planner_that_is_full_is_replaced() -> None:
    canonize(diploma(1))
    planner = door.planner_for(SHIPPED)
    planner.weight = 10**9
    assert canonize(diploma(1))
    assert door.planner_for(SHIPPED) is not planner


def test_planners_for_many_sets_of_contexts_are_not_piled_up() -> None:
    for number in range(12):
        extra = SHIPPED.plus({f"https://x/{number}": {"@context": {"p": "https://x/p"}}})
        assert canonize({"@context": f"https://x/{number}", "p": "v"}, contexts=extra)
    assert len(door._planners) <= door._MAX_PLANNERS


def test_importing_the_room_does_not_import_pyld() -> None:
    script = "import sys, testamur.jsonld; sys.exit('pyld' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
