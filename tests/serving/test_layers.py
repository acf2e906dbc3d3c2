"""What stands around every app: bounds of a request, how often one may ask, headers."""

import socket
import time

import pytest

from testamur.serving import BodyBounds, Bounds, Rates, SafeHeaders
from testamur.serving.rates import _client
from tests.served import Served, serving


def refuse(scope, status, sentence, headers):
    return [(k.encode(), v.encode()) for k, v in headers.items()], sentence.encode()


async def counting(scope, receive, send):
    """An app that says how many bytes it was sent."""
    length, more = 0, True
    while more:
        message = await receive()
        length += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"%d" % length})


def bounded(**bounds):
    return BodyBounds(counting, bounds=Bounds(**bounds), refuse=refuse)


def test_a_body_within_the_bounds_arrives_whole():
    with serving(bounded(max_body=1000)) as app:
        assert app.post("/", b"x" * 1000, "text/plain").text == "1000"


def test_a_body_that_says_it_is_too_long_is_refused_unread():
    with serving(bounded(max_body=1000)) as app:
        assert app.post("/", b"x" * 1001, "text/plain").status == 413


def test_a_body_that_grows_too_long_without_saying_so_is_refused():
    with serving(bounded(max_body=1000)) as app:
        pieces = iter([b"x" * 600, b"x" * 600])
        assert app.ask("POST", "/", pieces).status == 413


def test_a_body_that_does_not_come_is_given_up():
    with serving(bounded(idle=0.2)) as app, socket.create_connection(("127.0.0.1", app.port)) as line:
        line.sendall(b"POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 10\r\n\r\nabc")
        line.settimeout(10)
        assert line.recv(100).startswith(b"HTTP/1.1 408")


def test_a_body_that_trickles_is_given_up():
    with (
        serving(bounded(idle=5, seconds=0.5)) as app,
        socket.create_connection(("127.0.0.1", app.port)) as line,
    ):
        line.sendall(b"POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 1000\r\n\r\n")
        line.settimeout(0.1)
        for _ in range(50):
            line.sendall(b"x")
            try:
                assert line.recv(100).startswith(b"HTTP/1.1 408")
                break
            except TimeoutError:
                time.sleep(0.05)
        else:
            pytest.fail("it went on and on")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def asked(app: Served) -> int:
    return app.post("/", b"", "text/plain").status


def test_who_asks_too_often_is_told_how_long_to_wait():
    clock = Clock()
    with serving(Rates(counting, a_minute=6, refuse=refuse, now=clock)) as app:
        assert [asked(app) for _ in range(7)] == [200] * 6 + [429]
        assert app.post("/", b"", "text/plain").headers["retry-after"] == "10"
        clock.now += 10
        assert [asked(app), asked(app)] == [200, 429]


def test_looking_at_pages_is_not_counted_and_no_rate_is_no_limit():
    with serving(Rates(counting, a_minute=1, refuse=refuse)) as app:
        assert {app.get("/").status for _ in range(5)} == {200}
    with serving(Rates(counting, a_minute=0, refuse=refuse)) as app:
        assert {asked(app) for _ in range(5)} == {200}


def test_addresses_are_forgotten_before_they_fill_the_memory(monkeypatch):
    monkeypatch.setattr("testamur.serving.rates._ADDRESSES", 3)
    rates = Rates(counting, a_minute=1, refuse=refuse)
    for number in range(10):
        rates._take(f"192.0.2.{number}")
    assert len(rates._known) == 3


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("2001:db8::1", "2001:db8::2:3", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.1", "::ffff:198.51.100.7", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
    ],
)
def test_a_household_of_ipv6_counts_as_one_and_strangers_with_ipv4_do_not(one, other, are_one):
    said = [_client({"client": (host, 5000)}) for host in (one, other)]
    assert (said[0] == said[1]) is are_one


def test_every_answer_carries_the_headers_and_is_kept_by_nobody():
    with serving(SafeHeaders(counting)) as app:
        headers = app.get("/").headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "require-trusted-types-for 'script'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
