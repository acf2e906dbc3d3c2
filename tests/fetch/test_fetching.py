from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from testamur.errors import EvidenceUnusable
from testamur.fetch import Fetch, NoNetwork, Origin
from testamur.fetch.addresses import is_public
from tests.fetch.servers import Server, certificate, server_tls, serving

WHEN = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def site(server: Server) -> str:
    server.asked.clear()
    return f"http://127.0.0.1:{server.server_port}"


def allowed(site: str, **options: float) -> Fetch:
    return Fetch(allow=(site,), clock=lambda: WHEN, **options)  # type: ignore[arg-type]


def test_an_excepted_origin_is_opened_and_the_answer_is_dated(site: str) -> None:
    fetched = allowed(site).get(f"{site}/hello?a=1#part", accept="application/json")
    assert fetched.body.decode() == "ሰላም"
    assert fetched.media_type == "application/json"
    assert fetched.url == f"{site}/hello?a=1"
    assert fetched.at == WHEN


def test_nothing_about_the_asker_is_sent(site: str, server: Server) -> None:
    fetch = allowed(site)
    fetch.get(f"{site}/hello")
    fetch.get(f"{site}/hello")
    for _, headers in server.asked:
        assert {name.lower() for name in headers} == {"host", "accept", "accept-encoding", "user-agent"}


def test_no_proxy_is_taken_from_the_environment(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert allowed(site).get(f"{site}/hello").body


def test_loopback_is_refused_unless_the_operator_names_it(server: Server, site: str) -> None:
    for url in (
        f"https://127.0.0.1:{server.server_port}/hello",
        f"https://localhost:{server.server_port}/hello",
    ):
        with pytest.raises(EvidenceUnusable, match="not a public address"):
            Fetch().get(url)
    assert server.asked == []


def test_an_exception_is_for_that_scheme_host_and_port_only(site: str, server: Server) -> None:
    fetch = allowed(site)
    with pytest.raises(EvidenceUnusable, match="not a public address"):
        fetch.get(f"https://127.0.0.1:{server.server_port}/hello")
    with pytest.raises(EvidenceUnusable, match="without https"):
        fetch.get(f"http://127.0.0.1:{server.server_port + 1}/hello")
    with pytest.raises(EvidenceUnusable, match="without https"):
        fetch.get(f"http://localhost:{server.server_port}/hello")


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "192.168.1.1", "172.16.0.1", "127.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "198.18.0.1", "192.0.2.1", "168.63.129.16", "192.0.0.192", "240.0.0.1",
     "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:8.8.8.8",
     "::ffff:127.0.0.1", "::8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::",
     "2001:0:7f00:1::", "2001:db8::1", "fec0::1", "no address"],
)  # fmt: skip
def test_a_host_that_resolves_to_no_public_address_is_refused(address: str) -> None:
    fetch = Fetch(resolve=lambda host, port: [address])
    with pytest.raises(EvidenceUnusable, match=r"school\.example is not a public address"):
        fetch.get("https://school.example/secret/path")


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.215.14", "203.0.114.1", "2606:4700:4700::1111", "2a00:1450:4001:829::200e"]
)
def test_a_public_address_may_be_connected_to(address: str) -> None:
    assert is_public(address)


def test_one_private_address_among_public_ones_is_refused() -> None:
    fetch = Fetch(resolve=lambda host, port: ["93.184.215.14", "127.0.0.1"])
    with pytest.raises(EvidenceUnusable, match="not a public address"):
        fetch.get("https://school.example/")


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f.1", "127.1", "017700000001", "[::1]", "[::ffff:7f00:1]"]
)
def test_an_address_in_disguise_is_refused(host: str) -> None:
    with pytest.raises(EvidenceUnusable):
        Fetch(timeout=2).get(f"https://{host}/")


def test_the_name_is_asked_for_once_and_the_checked_address_is_the_one_used() -> None:
    answers = iter([["203.0.113.1"], ["127.0.0.1"]])  # a rebinding resolver: harmless first, loopback next
    asked = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    with pytest.raises(EvidenceUnusable, match="not a public address"):
        Fetch(resolve=rebinding).get("https://school.example/")
    assert asked == ["school.example"]


def test_a_name_is_resolved_once_for_one_connection(site: str) -> None:
    asked = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["127.0.0.1"]

    port = int(site.rpartition(":")[2])
    named = f"http://intranet.example:{port}"
    assert Fetch(allow=(named,), resolve=resolve).get(f"{named}/hello").body
    assert asked == [("intranet.example", port)]


def test_a_host_without_an_address_is_not_found() -> None:
    with pytest.raises(EvidenceUnusable, match=r"school\.example was not found"):
        Fetch(resolve=lambda host, port: []).get("https://school.example/a?secret=1")


def test_a_resolver_that_hangs_is_left_behind() -> None:
    import threading

    with pytest.raises(EvidenceUnusable, match="not found in time"):
        Fetch(timeout=1.5, resolve=lambda host, port: [str(threading.Event().wait(5))]).get(
            "https://a.example/"
        )


@pytest.mark.parametrize("path", ["drip", "driphead"])
def test_a_drip_of_bytes_ends_at_the_deadline(site: str, path: str) -> None:
    with pytest.raises(EvidenceUnusable, match=r"did not answer within 0\.5 seconds"):
        allowed(site, timeout=0.5).get(f"{site}/{path}")


@pytest.mark.parametrize("path", ["endless", "big", "bomb"])
def test_more_than_was_allowed_is_refused(site: str, path: str) -> None:
    with pytest.raises(EvidenceUnusable, match="sent more than 100000 bytes"):
        allowed(site).get(f"{site}/{path}", max_bytes=100_000)


def test_a_body_of_exactly_the_limit_is_taken(site: str) -> None:
    assert len(allowed(site).get(f"{site}/big", max_bytes=100_001).body) == 100_001


def test_a_server_that_compresses_unasked_is_understood(site: str) -> None:
    assert allowed(site).get(f"{site}/gzip").body == b"hello"


@pytest.mark.parametrize(
    ("path", "why"),
    [("cutgzip", "broke off"), ("brotli", "coding"), ("short", "broke off"), ("missing", "status 404")],
)
def test_a_broken_answer_is_refused(site: str, path: str, why: str) -> None:
    with pytest.raises(EvidenceUnusable, match=why):
        allowed(site).get(f"{site}/{path}")


def test_redirects_are_followed_within_the_excepted_origin(site: str) -> None:
    assert allowed(site).get(f"{site}/to?/hello").url == f"{site}/hello"


@pytest.mark.parametrize(
    "target",
    ["https://127.0.0.1:1/", "https://localhost/", "http://example.edu/", "file:///etc/passwd", "ftp://a.example/",
     "https://[::1]/", "//169.254.169.254/latest", "gopher://a.example", "https://user:pw@a.example/", "javascript:1"],
)  # fmt: skip
def test_a_redirect_is_checked_like_the_first_address(site: str, target: str) -> None:
    with pytest.raises(EvidenceUnusable):
        allowed(site).get(f"{site}/to?{target}")


@pytest.mark.parametrize("target", ["//[", "http://[x", "https://a:b/"])
def test_a_redirect_to_what_is_no_address_is_unusable(site: str, target: str) -> None:
    with pytest.raises(EvidenceUnusable):
        allowed(site).get(f"{site}/to?{target}")


def test_the_fourth_redirect_is_not_followed(site: str, server: Server) -> None:
    with pytest.raises(EvidenceUnusable, match="more than 3 redirects"):
        allowed(site).get(f"{site}/loop")
    assert len(server.asked) == 4


@pytest.mark.parametrize(
    "url",
    ["", "/relative", "ftp://a.example/", "https://", "https:///x", "https://a b/", "https://a.example/\r\nX: y",
     "https://a.example:0/", "https://a.example:99999/", "https://u@a.example/", "https://exämple.org/", "https://[/",
     "https://-a.example/", "https://a..example/", "https://" + "a" * 3000, "https://a.example\\@b.example/"],
)  # fmt: skip
def test_what_is_no_plain_url_is_refused(url: str) -> None:
    with pytest.raises(EvidenceUnusable):
        Fetch(resolve=lambda host, port: pytest.fail("a name was looked up")).get(url)


def test_the_sentence_names_the_host_and_no_more(site: str) -> None:
    with pytest.raises(EvidenceUnusable) as refused:
        allowed(site).get(f"{site}/missing/student-4711?token=s3cret")
    assert "4711" not in str(refused.value)
    assert "s3cret" not in str(refused.value)


def test_a_certificate_is_checked_for_the_name_in_the_url(tmp_path: Path) -> None:
    pem = certificate(tmp_path, "school.example")
    with serving(server_tls(pem)) as server:
        port = server.server_port
        right, wrong = f"https://school.example:{port}", f"https://other.example:{port}"

        def fetch(ca_file: str | None) -> Fetch:
            return Fetch(allow=(right, wrong), ca_file=ca_file, resolve=lambda host, port: ["127.0.0.1"])

        assert fetch(str(pem)).get(f"{right}/hello").body.decode() == "ሰላም"
        assert server.asked[0][1]["Host"] == f"school.example:{port}"
        with pytest.raises(EvidenceUnusable, match=r"certificate of other\.example is not trusted"):
            fetch(str(pem)).get(f"{wrong}/hello")
        with pytest.raises(EvidenceUnusable, match="is not trusted"):
            fetch(None).get(f"{right}/hello")


def test_a_server_without_tls_is_not_spoken_to_in_the_clear(server: Server) -> None:
    secure = f"https://127.0.0.1:{server.server_port}"
    with pytest.raises(EvidenceUnusable):
        Fetch(allow=(secure,), timeout=2).get(f"{secure}/hello")


def test_a_closed_port_is_unreachable() -> None:
    with pytest.raises(EvidenceUnusable, match="could not be reached"):
        Fetch(allow=("http://127.0.0.1:1",)).get("http://127.0.0.1:1/")


def test_offline_nothing_is_fetched() -> None:
    with pytest.raises(EvidenceUnusable, match="offline"):
        NoNetwork().get("https://school.example/")


def test_an_origin_knows_its_authority() -> None:
    assert Origin.of("https://A.example:443/x").authority == "a.example"
    assert Origin.of("https://[2A00::1]:8443/").authority == "[2a00::1]:8443"
