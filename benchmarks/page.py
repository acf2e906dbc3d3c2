"""``python -m benchmarks.page``: how long the verifier page takes from a code to the answer, in Debian's Chromium.

The first figure is that of a page just opened, which fetches its list of issuers and the status list from this
machine; the others are of the papers after it, whose lists are at hand. The page itself takes the time, from the text
of the code to the answer in the document.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from tests.web.browser import WITHOUT_ED25519, chromium, headline, open_page, wait
from tests.web.site import NAMES, open_site

AIM = 150  # milliseconds, the median
TAKEN = "() => performance.getEntriesByName('answer').map((each) => each.duration)"


def durations(addresses: list[str], *, script: str = "") -> list[float]:
    """Milliseconds for each address, one after the other in one page."""
    with sync_playwright() as playwright, chromium(playwright) as context:
        page = open_page(context)
        if script:
            page.add_init_script(script)
        page.goto(addresses[0])
        headline(page)
        for number, address in enumerate(addresses[1:], 2):
            page.evaluate("(digits) => { location.hash = digits; }", address.partition("#")[2])
            wait(page, f"() => performance.getEntriesByName('answer').length >= {number}")
        return [float(each) for each in page.evaluate(TAKEN)]


def main(rounds: int) -> None:
    """Print the figures, with the browser's own Ed25519 and without it."""
    with TemporaryDirectory() as folder, open_site(Path(folder)) as papers:
        codes = [papers.code(papers.issue(language)) for language in NAMES]
        papers.publish()
        addresses = [code.replace("HTTPS:", "HTTP:") for code in codes] * rounds
        for name, script in (("the browser's Ed25519", ""), ("@noble/ed25519", WITHOUT_ED25519)):
            first, *later = durations(addresses, script=script)
            high = statistics.quantiles(later, n=20)[-1]
            print(
                f"{name}: first {first:.0f} ms; then median {statistics.median(later):.0f} ms, p95 {high:.0f} ms"
                f" ({len(later)} papers); the aim is {AIM} ms: "
                f"{'passed' if statistics.median(later) <= AIM else 'missed'}"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
