"""A class at graduation hour: how many learners take their records into wallets at once, and how long each waits.

``python -m benchmarks.claims [--claims 1000] [--clients 16] [--workers 2] [--store postgresql+psycopg://…]``:
starts ``testamur serve issuer`` as a process and takes a record with each of so many offers, by every step of
OpenID4VCI: offer, token with the one-time code, nonce, credential, notification. Wallets work on the same cores.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from testamur.cli import run
from testamur.fetch import Fetch
from testamur.home import Home
from testamur.keys import PrivateKey
from testamur.openid4vci import Line, MadeOffer, ask, look_up, make_offer, notify, read_offer, redeem
from testamur.store.claims import Claims

_PASSPHRASE = "a class at graduation hour"
_HEAD = "student_number,name,name_latin,programme,field,grade,credits,awarded,diploma_number"


def make_school(folder: Path, count: int, store: str) -> tuple[Home, list[MadeOffer]]:
    """A home with so many graduates, and an offer with a code for each."""
    home = folder / "school"
    os.environ |= {"TESTAMUR_HOME": str(home), "TESTAMUR_PASSPHRASE": _PASSPHRASE}
    made = ["init", "--name", "Universidad de Valdoria", "--url", "https://valdoria.example"]
    assert run([*made, *(["--store", store] if store else [])]) == 0
    settings = home / "testamur.toml"
    settings.write_text(re.sub(r"token_lists = .*", 'token_lists = ["jwt"]', settings.read_text()))
    assert run(["template", "new", "diploma"]) == 0
    rows = [f"{n},Inés Quiroga {n},,Nursing,Health,Pass,240,2026-07-03,V-{n}" for n in range(count)]
    sheet = folder / "graduates.csv"
    sheet.write_text("\n".join([_HEAD, *rows]) + "\n", "utf-8")
    issue = ["issue", str(sheet), "--template", "diploma", "--key", "student_number"]
    assert run([*issue, "--no-files"]) == 0
    school = Home.load(home)
    with school.ledger() as ledger, Claims.open(school.store_url) as claims:
        records = list(ledger.each(school.did))
        with claims.writing() as connection:
            at = datetime.now(UTC)
            offers = [make_offer(connection, record.id, with_code=True, at=at) for record in records]
    return school, offers


@contextmanager
def serving(home: Home, workers: int) -> Iterator[str]:
    """The desk as a process; its address."""
    command = [
        sys.executable, "-m", "testamur", "serve", "issuer", str(home.folder), "--port", "0", "--rate", "0",
        "--workers", str(workers),
    ]  # fmt: skip
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        line = next(line for line in process.stderr if "answers at" in line)
        threading.Thread(target=process.stderr.read, daemon=True).start()
        found = re.search(r"http://\S+", line)
        assert found
        yield found[0]
    finally:
        process.terminate()
        process.wait(30)


class Timed:
    """A ``Fetch`` that notes how long each request took."""

    def __init__(self, fetch: Fetch, took: list[float]) -> None:
        self._fetch = fetch
        self._took = took

    def get(self, *arguments: Any, **named: Any) -> Any:
        """As ``Fetch.get``."""
        return self._noted(self._fetch.get, arguments, named)

    def post(self, *arguments: Any, **named: Any) -> Any:
        """As ``Fetch.post``."""
        return self._noted(self._fetch.post, arguments, named)

    def _noted(self, act: Any, arguments: Any, named: Any) -> Any:
        began = time.perf_counter()
        try:
            return act(*arguments, **named)
        finally:
            self._took.append(time.perf_counter() - began)


def claim(shared: Fetch, url: str, made: MadeOffer, form: str, took: list[float]) -> float:
    """One learner's claim from the offer to the report; the seconds it took."""
    began = time.perf_counter()
    fetch = Timed(shared, took)
    slug = "school"
    offer = read_offer(f"x://?credential_offer_uri={url}/claims/{slug}/offers/{made.link}", fetch)
    issuer = look_up(offer.credential_issuer, fetch, offer=offer)
    line, at = Line(fetch), datetime.now(UTC)
    access = redeem(issuer, offer, line, tx_code=made.code, at=at)
    received = ask(issuer, access, form, [PrivateKey.generate("P-256")], line, at=at)
    assert len(received.records) == 1
    notify(issuer, access, received, "credential_accepted", line, at=at)
    return time.perf_counter() - began


def main(arguments: list[str]) -> None:
    """Run the load and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.claims")
    parser.add_argument("--claims", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--store", default="")
    parser.add_argument(
        "--form", default="dc_sd-jwt", choices=["dc_sd-jwt", "vc_sd-jwt", "ldp_vc", "jwt_vc_json"]
    )
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        home, offers = make_school(Path(name), options.claims + options.clients, options.store)
        with serving(home, options.workers) as url, ThreadPoolExecutor(options.clients) as pool:
            form, shared = f"diploma_{options.form}", Fetch(allow=(url,), timeout=60)
            warm, offers = offers[: options.clients], offers[options.clients :]
            list(pool.map(lambda made: claim(shared, url, made, form, []), warm))
            took: list[float] = []
            began = time.perf_counter()
            whole = list(pool.map(lambda made: claim(shared, url, made, form, took), offers))
            seconds = time.perf_counter() - began
    print(f"{len(whole)} claims in {seconds:.1f} s: {60 * len(whole) / seconds:.0f} a minute")
    for what, each in (("a claim", whole), ("a request", took)):
        p99 = quantiles(each, n=100)[98]
        print(
            f"{what}: median {1000 * median(each):.0f} ms, p99 {1000 * p99:.0f} ms, longest {1000 * max(each):.0f} ms"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
