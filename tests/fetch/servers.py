"""Real servers on loopback that behave well, badly and very badly."""

from __future__ import annotations

import gzip
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path


class Server(ThreadingHTTPServer):
    """Remembers what it was asked, with its headers, and is silent about connections that broke."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, dict[str, str]]] = []

    def handle_error(self, *_: object) -> None: ...


class Handler(BaseHTTPRequestHandler):
    """Answers by the path; what was asked is counted in ``server.asked``."""

    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, *args: object) -> None: ...

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        name = self.path.partition("?")[0].strip("/").split("/")[0]
        with suppress(OSError):
            getattr(self, f"answer_{name}", self.answer_missing)()

    def do_POST(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        self.sent = self.rfile.read(int(self.headers["Content-Length"]))
        name = self.path.partition("?")[0].strip("/").split("/")[0]
        with suppress(OSError):
            getattr(self, f"answer_{name}", self.answer_missing)()

    def answer_echo(self) -> None:
        self.reply(self.sent, 400, Content_Type="application/JSON; x=y", DPoP_Nonce="n-1")

    def reply(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_missing(self) -> None:
        self.reply(b"no", 404)

    def answer_hello(self) -> None:
        self.reply("ሰላም".encode(), Content_Type="Application/JSON; charset=utf-8", Set_Cookie="a=b")

    def answer_big(self) -> None:
        self.reply(b"x" * 100_001)

    def answer_endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b"x" * 65536)

    def answer_drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(1000):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def answer_driphead(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(1000):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def answer_gzip(self) -> None:
        self.reply(gzip.compress(b"hello"), Content_Encoding="gzip")

    def answer_bomb(self) -> None:
        self.reply(gzip.compress(b"\0" * 50_000_000, 1), Content_Encoding="gzip")

    def answer_cutgzip(self) -> None:
        self.reply(gzip.compress(b"hello" * 100)[:-9], Content_Encoding="gzip")

    def answer_brotli(self) -> None:
        self.reply(b"?", Content_Encoding="br")

    def answer_short(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"only this")
        self.close_connection = True

    def answer_to(self) -> None:
        self.reply(b"", 302, Location=self.path.partition("?")[2])

    def answer_loop(self) -> None:
        self.reply(b"", 302, Location="/loop")


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server that runs while the block does."""
    server = Server()
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def certificate(folder: Path, *names: str) -> Path:
    """A self-signed certificate for some host names, with its key in one file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
    alternatives = [
        x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name) for name in names
    ]
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{names[0]}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    return path


def server_tls(path: Path) -> ssl.SSLContext:
    """The server's side of TLS with that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
