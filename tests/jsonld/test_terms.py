"""Many addresses are looked at in one go, with the answer of each alone."""

from hypothesis import given, settings
from hypothesis import strategies as st

from testamur.errors import Malformed
from testamur.jsonld import terms

TEXTS = st.lists(
    st.sampled_from(["urn:a", "https://example.org/ሰ?q=%25s#x", "did:web:a.example", "a:", "a", "", "a:b c", "a:\nb:c", ":a", "a:<", "é:a"])
    | st.text(max_size=6),
    max_size=5,
)  # fmt: skip


def is_iri(text: str) -> bool:
    try:
        return bool(terms.iri(text, ""))
    except Malformed:
        return False


@settings(deadline=None)
@given(TEXTS)
def test_some_texts_are_addresses_if_each_of_them_is_one(texts: list[str]) -> None:
    assert terms.are_iris(texts) == all(map(is_iri, texts))
