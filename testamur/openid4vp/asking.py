"""The verifier asks: a question with its own nonce, state and key, as a signed object or as a plain link (OpenID4VP §5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_urlsafe
from urllib.parse import urlencode

from testamur.encoding import encode_base64url
from testamur.errors import Malformed
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import DecryptionKey, Signer
from testamur.openid4vp.checking import Expected
from testamur.openid4vp.dcql import read_query
from testamur.openid4vp.receiving import REQUEST_TYPE, WALLET_METADATA
from testamur.openid4vp.request import STATIC_AUDIENCE
from testamur.proofs import sign_jws
from testamur.times import from_epoch, to_epoch

LIFETIME = timedelta(minutes=10)
ENCS = ("A128GCM", "A256GCM")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: the client id, what signs for it, and what it calls itself."""

    client_id: str
    signer: Signer | None = None  # None: a redirect_uri client, whose requests are not signed
    x5c: tuple[str, ...] = ()
    name: str = ""
    attestation: str = ""  # the verifier attestation JWT (§12)

    @property
    def header(self) -> Json:
        """The header of its request objects."""
        header: Json = {"typ": REQUEST_TYPE.removeprefix("application/")}
        if self.x5c:
            header["x5c"] = list(self.x5c)
        return header | ({"jwt": self.attestation} if self.attestation else {})


@dataclass(frozen=True, slots=True)
class Transaction:
    """One question, from its asking to its one answer."""

    id: str  # of the person who asked: her page follows it
    request_id: str  # in the link that wallets open
    nonce: str
    state: str
    response_uri: str
    response_mode: str
    dcql: Json
    created: int
    expires: int
    purpose: str = ""
    transaction_data: tuple[str, ...] = ()
    secret: Json = field(default_factory=dict, repr=False)  # the private JWK for the response
    redirect_uri: str = ""  # where a person on the same device goes on
    client_id: str = ""

    def expected(self, client_id: str) -> Expected:
        """What its response has to answer."""
        key = DecryptionKey(self.secret) if self.secret else None
        query = read_query(self.dcql)
        return Expected(
            client_id, self.nonce, query, self.state, self.response_mode, self.transaction_data, key
        )

    def is_over(self, at: datetime) -> bool:
        """Whether it is too late for an answer."""
        return from_epoch(self.expires) <= at

    def to_json(self) -> Json:
        """Its members, to be kept sealed."""
        from dataclasses import asdict

        return asdict(self)

    @classmethod
    def of_json(cls, members: Json) -> Transaction:
        """The transaction of these members."""
        return cls(**(members | {"transaction_data": tuple(members["transaction_data"])}))


def new_transaction(
    dcql: Json,
    response_uri: str,
    *,
    at: datetime,
    encrypt: bool = True,
    purpose: str = "",
    transaction_data: tuple[Json, ...] = (),
    lifetime: timedelta = LIFETIME,
    redirect_uri: str = "",
) -> Transaction:
    """A fresh question; raises Malformed where the query is not in order.

    ``{id}`` in the addresses stands for the transaction's own id, so that an answer finds it.
    """
    read_query(dcql)
    name, request_id = token_urlsafe(24), token_urlsafe(24)
    data = tuple(encode_base64url(write_json(each).encode()) for each in transaction_data)
    return Transaction(
        name,
        request_id,
        token_urlsafe(24),
        token_urlsafe(24),
        response_uri.replace("{id}", request_id),
        "direct_post.jwt" if encrypt else "direct_post",
        dcql,
        to_epoch(at),
        to_epoch(at + lifetime),
        purpose,
        data,
        DecryptionKey.generate().secret_jwk if encrypt else {},
        redirect_uri,
    )


def parameters(asker: Asker, asked: Transaction) -> Json:
    """The parameters of the request (§5.1)."""
    metadata: Json = {"vp_formats_supported": WALLET_METADATA["vp_formats_supported"]}
    if asker.name:
        metadata["client_name"] = asker.name
    if asked.secret:
        public = {name: value for name, value in asked.secret.items() if name != "d"}
        metadata |= {"jwks": {"keys": [public]}, "encrypted_response_enc_values_supported": list(ENCS)}
    members: Json = {
        "response_type": "vp_token",
        "response_mode": asked.response_mode,
        "client_id": asker.client_id,
        "response_uri": asked.response_uri,
        "nonce": asked.nonce,
        "state": asked.state,
        "dcql_query": asked.dcql,
        "client_metadata": metadata,
    }
    return members | ({"transaction_data": list(asked.transaction_data)} if asked.transaction_data else {})


def request_object(asker: Asker, asked: Transaction, *, at: datetime, wallet_nonce: str = "") -> str:
    """The signed request (§5.8); raises Malformed for a client that does not sign."""
    if asker.signer is None:
        raise Malformed(
            "client_id", "requests of a redirect_uri client are not signed", clause="OpenID4VP §5.9.3"
        )
    claims = parameters(asker, asked) | {
        "aud": STATIC_AUDIENCE,
        "iat": to_epoch(at),
        "exp": asked.expires,
    }
    if wallet_nonce:
        claims["wallet_nonce"] = wallet_nonce
    if asker.client_id.startswith("decentralized_identifier:"):
        claims["iss"] = asker.client_id.partition(":")[2]
    return sign_jws(asker.header, write_json(claims).encode(), asker.signer)


def link(
    asker: Asker, asked: Transaction, request_uri: str = "", *, scheme: str = "openid4vp", post: bool = False
) -> str:
    """The link that a wallet opens or scans: by reference, or with everything in it."""
    if request_uri:
        members = {"client_id": asker.client_id, "request_uri": request_uri}
        if post:
            members["request_uri_method"] = "post"
    else:
        members = {name: _value(value) for name, value in parameters(asker, asked).items()}
    return f"{scheme}://?{urlencode(members)}"


def wallet_nonce_of(form: Mapping[str, str]) -> str:
    """The nonce of a wallet that fetches a request by POST; raises Malformed where it is none."""
    nonce = form.get("wallet_nonce", "")
    if len(nonce) > 500:
        raise Malformed("wallet_nonce", "it is too long")
    parse_object(form.get("wallet_metadata", "{}"), max_bytes=60_000, max_depth=12)
    return nonce


def _value(value: object) -> str:
    return value if isinstance(value, str) else write_json(value)
