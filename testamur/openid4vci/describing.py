"""What an issuer says of itself at its well-known addresses (OID4VCI §12, RFC 8414)."""

from __future__ import annotations

from datetime import datetime

from testamur.jsontext import Json, write_json
from testamur.keys.jwe import ALG, ENCS
from testamur.openid4vci.clients import METHOD
from testamur.openid4vci.configurations import KINDS, configurations_of, describe
from testamur.openid4vci.counter import CredentialIssuer
from testamur.openid4vci.holder_keys import ALGORITHMS
from testamur.openid4vci.offering import AUTHORIZATION_CODE, PRE_AUTHORIZED
from testamur.proofs import sign_jws
from testamur.times import to_epoch

SIGNED = "openidvci-issuer-metadata+jwt"


def issuer_metadata(issuer: CredentialIssuer) -> Json:
    """The metadata of the credential issuer."""
    said: Json = {
        "credential_issuer": issuer.identifier,
        "credential_endpoint": issuer.at("credential"),
        "nonce_endpoint": issuer.at("nonce"),
        "deferred_credential_endpoint": issuer.at("deferred_credential"),
        "notification_endpoint": issuer.at("notification"),
        "credential_response_encryption": {
            "alg_values_supported": [ALG],
            "enc_values_supported": list(ENCS),
            "encryption_required": False,
        },
    }
    if issuer.request_key is not None:
        said["credential_request_encryption"] = {
            "jwks": {"keys": [issuer.request_key.public.jwk]},
            "enc_values_supported": list(ENCS),
            "encryption_required": False,
        }
    if issuer.rules.batch_size > 1:
        said["batch_credential_issuance"] = {"batch_size": issuer.rules.batch_size}
    if issuer.display:
        said["display"] = list(issuer.display)
    return said | {"credential_configurations_supported": _configurations(issuer)}


def signed_metadata(issuer: CredentialIssuer, at: datetime) -> str:
    """The same as a token of the issuer's own key, "" where it has none at hand (OID4VCI §12.2.3)."""
    if issuer.metadata_signer is None:
        return ""
    header: Json = {"typ": SIGNED}
    header |= {"x5c": list(issuer.rules.x5c)} if issuer.rules.x5c else {}
    claims = {"iss": issuer.identifier, "sub": issuer.identifier, "iat": to_epoch(at)}
    payload = write_json(claims | issuer_metadata(issuer)).encode()
    return sign_jws(header, payload, issuer.metadata_signer)


def server_metadata(issuer: CredentialIssuer) -> Json:
    """The metadata of the authorization server, which is the issuer itself."""
    haip = issuer.rules.haip
    return {
        "issuer": issuer.identifier,
        "authorization_endpoint": issuer.at("authorize"),
        "pushed_authorization_request_endpoint": issuer.at("par"),
        "require_pushed_authorization_requests": True,
        "token_endpoint": issuer.at("token"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": [AUTHORIZATION_CODE, PRE_AUTHORIZED],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": list(_configurations(issuer)),
        "authorization_details_types_supported": ["openid_credential"],
        "token_endpoint_auth_methods_supported": [METHOD] if haip else ["none", METHOD],
        "client_attestation_signing_alg_values_supported": ["ES256", "ES384", "ES512"],
        "client_attestation_pop_signing_alg_values_supported": list(ALGORITHMS),
        "dpop_signing_alg_values_supported": list(ALGORITHMS),
        "authorization_response_iss_parameter_supported": True,
        "pre-authorized_grant_anonymous_access_supported": not haip,
    }


def _configurations(issuer: CredentialIssuer) -> Json:
    every = (each for kind in KINDS for each in configurations_of(kind, issuer.rules.forms))
    return {
        each.id: describe(
            each,
            vct=issuer.vct,
            signing=issuer.signing,
            look=issuer.look,
            attestations=bool(issuer.rules.attesters.authorities),
            attested_only=issuer.rules.attested_keys_only,
        )
        for each in every
    }
