"""Sending to an address that stands in a document: the same guards as opening one."""

from collections.abc import Iterator

import pytest

from testamur.errors import EvidenceUnusable
from testamur.fetch import Fetch, NoNetwork
from tests.fetch.servers import Server, serving


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def site(server: Server) -> str:
    server.asked.clear()
    return f"http://127.0.0.1:{server.server_port}"


def test_what_is_sent_arrives_and_a_refusal_comes_back_whole(site: str, server: Server) -> None:
    answered = Fetch(allow=(site,)).post(
        f"{site}/echo?a=1", "ሰላም".encode(), "application/json", headers={"Authorization": "DPoP abc"}
    )
    assert (answered.status, answered.body.decode(), answered.media_type) == (400, "ሰላም", "application/json")
    assert answered.headers["dpop-nonce"] == "n-1"
    _, headers = server.asked[0]
    assert headers["Authorization"] == "DPoP abc"
    assert headers["Content-Type"] == "application/json"
    assert headers["Accept"] == "application/json"


def test_a_redirect_is_not_followed(site: str, server: Server) -> None:
    answered = Fetch(allow=(site,)).post(f"{site}/to?/echo", b"secret", "text/plain")
    assert answered.status == 302
    assert len(server.asked) == 1


@pytest.mark.parametrize("path", ["big", "endless", "bomb", "short", "brotli"])
def test_an_answer_beyond_bounds_is_unusable(site: str, path: str) -> None:
    with pytest.raises(EvidenceUnusable):
        Fetch(allow=(site,)).post(f"{site}/{path}", b"x", "text/plain", max_bytes=100_000)


@pytest.mark.parametrize("path", ["drip", "driphead"])
def test_an_answer_that_drips_is_given_up(site: str, path: str) -> None:
    with pytest.raises(EvidenceUnusable, match="seconds"):
        Fetch(allow=(site,), timeout=0.4).post(f"{site}/{path}", b"x", "text/plain")


def test_nothing_is_sent_to_a_private_address_or_without_https(server: Server, site: str) -> None:
    with pytest.raises(EvidenceUnusable, match="not a public address"):
        Fetch().post(f"https://127.0.0.1:{server.server_port}/echo", b"x", "text/plain")
    with pytest.raises(EvidenceUnusable, match="without https"):
        Fetch().post(f"{site}/echo", b"x", "text/plain")
    with pytest.raises(EvidenceUnusable, match="offline"):
        NoNetwork().post(f"{site}/echo", b"x", "text/plain")
    assert server.asked == []


@pytest.mark.parametrize("header", [{"DPoP": "a\r\nX: y"}, {"A\r\nB": "c"}, {"A:": "b"}, {"DPoP": ""}])
def test_a_header_that_would_begin_another_one_is_not_sent(
    site: str, server: Server, header: dict[str, str]
) -> None:
    with pytest.raises(EvidenceUnusable, match="header"):
        Fetch(allow=(site,)).post(f"{site}/echo", b"x", "text/plain", headers=header)
    assert server.asked == []
