"""Planning figures: small counts are not told, and nobody who knows all that is told can work them out."""

import csv
import io
import random
from itertools import product

import numpy
import pytest

from testamur.checks import Policy
from testamur.did import Resolver
from testamur.errors import OperatorError
from testamur.fetch import Mirror, NoNetwork
from testamur.issuer.drafts import carry_out
from testamur.issuer.figures import (
    Fact,
    Figures,
    Tables,
    dataset_csv,
    dataset_document,
    facts_of,
    publishable,
    tables_of,
)
from testamur.issuer.figures.bounds import Bounds
from testamur.issuer.signing import active_key
from testamur.jsontext import write_json
from testamur.proofs import VcJwt, decode
from testamur.publishing import GOOD_FOR, publish
from testamur.trust import PinnedTrust, entry_from_document
from testamur.verifying import Verifier
from tests.registrar.conftest import AT, LATER, Office, ask


def _country(seed: int, many: int = 400) -> list[Fact]:
    """A year with large programmes and tiny ones, in districts of very different size."""
    chance = random.Random(seed)
    programmes = [("Nursing", "Bachelor", 60), ("Law", "Bachelor", 25), ("Amharic", "Master", 8),
                  ("Physics", "Doctorate", 3), ("Beekeeping", "Diploma", 4)]  # fmt: skip
    districts = [("Jimma", 60), ("Bonga", 25), ("Gore", 10), ("Maji", 5)]
    facts = []
    for _ in range(many):
        name, level, _ = chance.choices(programmes, [weight for *_, weight in programmes])[0]
        (district, _) = chance.choices(districts, [weight for _, weight in districts])[0]
        facts.append(Fact(2026, name, level, chance.choice(("female", "male")), district))
    return facts


def _small(figures: Figures) -> list:
    return [cell for cell, count in figures.tables.counts.items() if 0 < count < figures.threshold]


def _determined(tables: Tables, told: set) -> set:
    """The hidden cells that the told ones give away exactly, by linear algebra alone."""
    rows = []
    for cell in told:
        row = numpy.zeros(len(tables.base))
        row[list(tables.parts[cell])] = 1
        rows.append(row)
    matrix = numpy.array(rows)
    rank = numpy.linalg.matrix_rank(matrix)
    found = set()
    for cell in set(tables.counts) - told:
        row = numpy.zeros(len(tables.base))
        row[list(tables.parts[cell])] = 1
        if numpy.linalg.matrix_rank(numpy.vstack([matrix, row])) == rank:
            found.add(cell)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_a_differencing_attack_finds_no_small_count(seed: int) -> None:
    tables = tables_of(_country(seed), 2026)
    figures = publishable(tables)
    small = _small(figures)
    assert small
    assert figures.hidden.issuperset(small)
    told = set(tables.counts) - figures.hidden
    assert () in told
    assert len(told) > len(tables.counts) // 3  # it still tells something
    assert not _determined(tables, told) & set(small)
    bounds = Bounds(tables)  # a system of its own, of what is told
    bounds.hide(figures.hidden)
    for cell in small:
        low, high = bounds.of(cell)
        assert low <= tables.counts[cell] <= high
        assert high - low >= figures.threshold
        assert high >= figures.threshold


def test_the_same_attack_succeeds_where_only_the_small_counts_are_hidden() -> None:
    tables = tables_of(_country(0), 2026)
    small = {cell for cell, count in tables.counts.items() if 0 < count < 5}
    assert _determined(tables, set(tables.counts) - small) & small


def test_every_table_that_fits_what_is_told_was_tried_and_small_counts_stay_open() -> None:
    facts = [Fact(2026, "Law", sex="female")] * 6 + [Fact(2026, "Law", sex="male")] * 2
    facts += [Fact(2026, "Nursing", sex="female")] * 7 + [Fact(2026, "Nursing", sex="male")] * 5
    tables = tables_of(facts, 2026)
    figures = publishable(tables, threshold=3)
    cell = (("programme", "Law"), ("sex", "male"))
    assert figures.told(cell) is None
    total = tables.counts[()]
    possible = set()
    for values in product(range(total + 1), repeat=len(tables.base) - 1):
        last = total - sum(values)
        if last < 0:
            continue
        combination = (*values, last)
        if all(
            sum(combination[at] for at in tables.parts[other]) == tables.counts[other]
            for other in tables.counts
            if other not in figures.hidden
        ):
            possible.add(sum(combination[at] for at in tables.parts[cell]))
    assert tables.counts[cell] in possible
    assert max(possible) - min(possible) >= 3
    assert max(possible) >= 3


def test_a_year_of_few_is_not_told_at_all() -> None:
    figures = publishable(tables_of([Fact(2026, "Law"), Fact(2026, "Nursing")], 2026))
    assert all(figures.told(cell) is None for cell in figures.tables.counts)
    with pytest.raises(OperatorError, match="hides nobody"):
        publishable(tables_of(_country(1), 2026), threshold=1)


def test_a_year_without_small_counts_is_told_whole() -> None:
    facts = [Fact(2026, name, sex=sex) for name in ("Law", "Nursing") for sex in ("f", "m") for _ in range(9)]
    figures = publishable(tables_of(facts, 2026))
    assert not figures.hidden
    assert figures.told(()) == 36


def test_too_many_categories_are_refused() -> None:
    facts = [Fact(2026, f"p{n}", f"l{n % 7}", f"s{n % 5}", f"d{n}") for n in range(200)]
    with pytest.raises(OperatorError, match="combinations of categories"):
        tables_of(facts, 2026)


def test_figures_as_csv_and_as_a_record_that_verifies(small_office: Office, tmp_path) -> None:
    office = small_office
    number = office.prepare("person:2", office.sheet(40))
    office.ledger.drafts.approve(office.home.did, number, at=AT)
    carry_out(office.home, office.ledger, office.box, number, ask, at=AT)
    ids = [record.id for record in office.records()]
    office.ledger.set_status(ids[0], "revocation", True, reason="x", at=LATER)
    traits = {f"D-{n}": {"sex": "female" if n % 3 else "male", "district": "Jimma" if n < 37 else "=Maji"}
              for n in range(40)}  # fmt: skip
    facts = list(facts_of(office.ledger, office.home.did, traits))
    assert len(facts) == 39
    assert {fact.level for fact in facts} == {"Diploma"}
    figures = [publishable(tables_of(facts, 2026))]
    rows = list(csv.DictReader(io.StringIO(dataset_csv(figures))))
    assert rows[0] == {"year": "2026", "programme": "all", "level": "all", "sex": "all", "district": "all",
                       "count": "39", "note": ""}  # fmt: skip
    maji = [row for row in rows if row["district"] == "'=Maji"]
    assert {row["note"] for row in maji if row["sex"] == "all"} == {"suppressed"}
    signer = office.home.signer(active_key(office.home, office.ledger, "assertion"), ask)
    document = dataset_document(
        figures, issuer_id=office.home.did, issuer_name=office.home.name, issuer_url=office.home.url, at=LATER
    )
    token = VcJwt().secure(write_json(document), signer, at=LATER).text
    publish(office.home.site, office.ledger,
            office.home.signer(active_key(office.home, office.ledger, "status"), ask), tmp_path / "public",
            at=LATER)  # fmt: skip
    fetch = Mirror(tmp_path / "public", NoNetwork(), clock=lambda: LATER)
    school = entry_from_document(Resolver(fetch).resolve(office.home.did).document, "school", LATER)
    verifier = Verifier(Resolver(fetch), fetch, [PinnedTrust.of([school])], Policy(max_age=GOOD_FOR))
    report = verifier.verify(decode(token), at=LATER)
    assert report.headline == "genuine", report.to_text()
    changed = token[:-40] + ("A" if token[-40] != "A" else "B") + token[-39:]
    assert verifier.verify(decode(changed), at=LATER).headline == "not_genuine"
