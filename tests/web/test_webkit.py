"""The verifier page in WebKit: online, from a photo, and with the server dead."""

from __future__ import annotations

from pathlib import Path

import pytest

from testamur.keys import LocalSigner
from tests.town import key
from tests.web.film import paper
from tests.web.site import open_site
from tests.web.webkit import webkit

pytestmark = [pytest.mark.system, pytest.mark.slow]

HEADLINE = "document.querySelector('article[data-headline]')?.dataset.headline ?? ''"
KEPT = "caches.open('testamur-lists').then((kept) => kept.keys()).then((keys) => keys.length >= 3)"
WORKER = "navigator.serviceWorker.getRegistration('/Q/').then((found) => Boolean(found?.active))"


def test_webkit_checks_codes_reads_a_photo_and_works_with_the_server_dead(tmp_path: Path) -> None:
    with open_site(tmp_path) as papers, webkit() as browser:
        good, revoked = papers.issue("hi"), papers.issue("km")
        papers.ledger.set_status(revoked.id, "revocation", True, reason="withdrawn", at=papers.now)
        papers.publish()
        thief = LocalSigner(key("thief"), papers.signer.verification_method)
        codes = {
            "genuine": papers.code(good),
            "revoked": papers.code(revoked),
            "not_genuine": papers.sign(thief),
        }
        addresses = {name: code.replace("HTTPS:", "HTTP:") for name, code in codes.items()}
        for name, address in addresses.items():
            browser.visit(address)
            assert browser.wait(HEADLINE) == name
        assert browser.evaluate("location.href").rstrip("/").endswith("/Q")
        paper(codes["genuine"]).save(tmp_path / "photo.png")
        browser.give_file("input[type=file]", tmp_path / "photo.png")
        assert browser.wait(f"({HEADLINE}) === 'genuine'")
        browser.wait(WORKER)
        browser.wait(KEPT)
        papers.served.stop()
        try:
            browser.visit(addresses["revoked"])
            assert browser.wait(HEADLINE) == "revoked"
            assert "Checked against the list of" in browser.evaluate("document.body.innerText")
        finally:
            papers.served.start()
