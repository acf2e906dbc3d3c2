"""OpenID for Verifiable Presentations 1.0, both sides, as values and steps that know no web server."""

from testamur.openid4vp.answering import (
    Answer,
    Sent,
    agreement_text,
    answer,
    check_transaction_data,
    encrypted,
    is_encrypted,
    refuse,
    send,
)
from testamur.openid4vp.asking import (
    Asker,
    Transaction,
    link,
    new_transaction,
    parameters,
    request_object,
    wallet_nonce_of,
)
from testamur.openid4vp.candidates import Candidate, candidate
from testamur.openid4vp.checking import Checked, Expected, Shown, check_response, check_vp_token
from testamur.openid4vp.dcql import CredentialQuery, Query, read_query
from testamur.openid4vp.matching import Match, Matches, match
from testamur.openid4vp.purposes import PURPOSES, Purpose
from testamur.openid4vp.receiving import REQUEST_TYPE, SCHEMES, WALLET_METADATA, Asked, receive_request
from testamur.openid4vp.refusing import RequestRefused, ResponseRefused
from testamur.openid4vp.request import Request, TransactionData, read_parameters
from testamur.openid4vp.requesters import Known, Requester
from testamur.openid4vp.showing import part_of
from testamur.openid4vp.warning import shown_names, warnings

__all__ = [
    "PURPOSES",
    "REQUEST_TYPE",
    "SCHEMES",
    "WALLET_METADATA",
    "Answer",
    "Asked",
    "Asker",
    "Candidate",
    "Checked",
    "CredentialQuery",
    "Expected",
    "Known",
    "Match",
    "Matches",
    "Purpose",
    "Query",
    "Request",
    "RequestRefused",
    "Requester",
    "ResponseRefused",
    "Sent",
    "Shown",
    "Transaction",
    "TransactionData",
    "agreement_text",
    "answer",
    "candidate",
    "check_response",
    "check_transaction_data",
    "check_vp_token",
    "encrypted",
    "is_encrypted",
    "link",
    "match",
    "new_transaction",
    "parameters",
    "part_of",
    "read_parameters",
    "read_query",
    "receive_request",
    "refuse",
    "request_object",
    "send",
    "shown_names",
    "wallet_nonce_of",
    "warnings",
]
