"""``testamur wallet present REQUEST``: who asks, what they would see, and the answer."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.console import talk
from testamur.display import one_line
from testamur.errors import OperatorError
from testamur.wallet.options import tools_of, trust_options, wallet_at, wallet_option

if TYPE_CHECKING:
    from testamur.openid4vp import Asked, Match
    from testamur.wallet.answering import Offered


@click.command("present")
@click.argument("request_text", metavar="REQUEST")
@click.option(
    "--with",
    "names",
    multiple=True,
    metavar="QUERY=RECORD",
    help="Which record answers which part of the question [the first that does].",
)
@click.option("--why", default="", help="What for, for your history.")
@click.option("--yes", is_flag=True, help="Answer without being asked again.")
@click.option("--no", "says_no", is_flag=True, help="Tell them that you give no answer.")
@trust_options
@wallet_option
def present_request(
    request_text: str,
    names: tuple[str, ...],
    why: str,
    yes: bool,
    says_no: bool,
    trust: tuple[Path, ...],
    mirrors: tuple[Path, ...],
    allow: tuple[str, ...],
    offline: bool,
    place: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Answer a request of a school, an employer or an office (OpenID4VP).

    REQUEST is the link behind their code ("openid4vp://…"), or - for the standard input. You are told who
    asks and what they would see before anything leaves.
    """
    from testamur.fetch import Fetch, NoNetwork
    from testamur.openid4vp import Known, RequestRefused, receive_request, refuse, send
    from testamur.wallet.answering import offer, prepare, refused

    tools, at = tools_of(trust, mirrors, allow, offline), datetime.now(UTC)
    network = NoNetwork() if offline else Fetch(allow)
    known = Known(tools.verifier.resolver, tools.verifier.trust, at)
    text = sys.stdin.readline() if request_text == "-" else request_text
    asked = receive_request(text, network, known, at=at)
    wallet = wallet_at(place, passphrase_file).open()
    if says_no:
        error = RequestRefused("access_denied", "the holder gives no answer")
        wallet.keep(refused(wallet.contents, asked, error, at=at))
        refuse(asked.request, error, network)
        return
    offered = offer(wallet.contents, asked, at=at)
    _tell_who(asked)
    chosen = _choose(offered, names)
    _tell_what(offered, chosen)
    if not yes and not (sys.stdin.isatty() and click.confirm("Show this?", err=True)):
        raise OperatorError("nothing was shown", hint="--yes answers")
    contents, made = prepare(offered, chosen, at=at, why=why)
    wallet.keep(contents)  # the history first: what was shown is never unknown
    sent = send(made, network)
    talk("they have the answer")
    if sent.redirect_uri:
        click.echo(one_line(sent.redirect_uri))


def _tell_who(asked: Asked) -> None:
    who = asked.requester
    named = who.listed_as or (
        f"somebody who calls themselves {who.called}" if who.called else "somebody unnamed"
    )
    talk(one_line(f"{named} asks; the answer goes to {who.host}"))


def _choose(offered: Offered, names: tuple[str, ...]) -> dict[str, tuple[Match, ...]]:
    from testamur.wallet.records import find_record

    if not offered.matches.is_satisfied:
        raise OperatorError("nothing in the wallet answers what they ask")
    chosen = offered.matches.first_choice()
    for text in names:
        query, _, record = text.partition("=")
        held = find_record(offered.contents, record)
        picked = [each for each in offered.matches.found.get(query, ()) if offered.record(each) == held]
        if not picked:
            raise OperatorError(f"{record!r:.60} does not answer {query!r:.40}")
        chosen[query] = (picked[0],)
    return chosen


def _tell_what(offered: Offered, chosen: dict[str, tuple[Match, ...]]) -> None:
    from testamur.openid4vp import agreement_text, shown_names
    from testamur.wallet.records import told

    for name, picked in chosen.items():
        for each in picked:
            record = offered.record(each)
            award = told(record).award if record else "a record"
            talk(f"{one_line(name)}: {one_line(award)}; they see {one_line(', '.join(shown_names(each)))}")
    for sentence in offered.warnings(chosen):
        talk(f"mind: {one_line(sentence)}")
    for data in offered.asked.request.transaction_data:
        talk(f"you agree to: {one_line(agreement_text(data))}")


COMMANDS: dict[str, click.Command] = {"present": present_request}
