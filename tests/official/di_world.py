"""What the official Data Integrity examples need: their contexts, and keys read out of their did:key names."""

import json
from functools import cache

from testamur.contexts import SHIPPED
from testamur.keys import PublicKey, VerificationMethod
from testamur.proofs import CONFORMANCE_SUITES, DataIntegrity, decode, open_document, with_contexts
from tests.vectors_home import contexts_index


def more_contexts():
    """The shipped contexts and the example ones, from the index of official contexts."""
    index = contexts_index()
    added = {
        each["url"]: json.loads((index.parent / each["file"]).read_bytes())
        for each in json.loads(index.read_bytes())
        if "example" in each["url"] or "citizenship" in each["url"]
    }
    return SHIPPED.plus(added)


@cache
def suites():
    """Every suite, reading the example contexts too."""
    return with_contexts(more_contexts(), CONFORMANCE_SUITES)


def find_key(url, purpose, at):
    """The key whose Multikey is the fragment or the name of a did:key."""
    did, _, fragment = url.partition("#")
    multikey = did.removeprefix("did:key:") if did.startswith("did:key:") else fragment
    return VerificationMethod(url, did, PublicKey.from_multikey(multikey))


def open_text(raw):
    """A signed example, opened with the example contexts."""
    form = DataIntegrity(suites=suites())
    return open_document(decode(raw), find_key, {"ldp_vc": form})


def text_of(path):
    """The text of a vector, byte for byte."""
    return path.read_bytes().decode()
