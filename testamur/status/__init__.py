"""Whether a record still stands: status lists, and the notice lists that say why it does not."""

from testamur.status.bitstring import LIST_SIZE, decode_list, encode_list, value_at
from testamur.status.list_credential import list_credential
from testamur.status.list_token import open_list_token, sign_list_cwt, sign_list_token
from testamur.status.lookup import STATUS_METHODS, StatusMethod, look_up
from testamur.status.notices import (
    NOTICE_TYPE,
    Notice,
    NoticeList,
    noticed_url,
    notices_url,
    open_notices,
    sign_notices,
    token_url,
)
from testamur.status.packed import json_list, pack, packed_value
from testamur.status.reasons import REASONS, Reason, reason_named
from testamur.status.values import UNUSABLE, StatusValue

__all__ = [
    "LIST_SIZE",
    "NOTICE_TYPE",
    "REASONS",
    "STATUS_METHODS",
    "UNUSABLE",
    "Notice",
    "NoticeList",
    "Reason",
    "StatusMethod",
    "StatusValue",
    "decode_list",
    "encode_list",
    "json_list",
    "list_credential",
    "look_up",
    "noticed_url",
    "notices_url",
    "open_list_token",
    "open_notices",
    "pack",
    "packed_value",
    "reason_named",
    "sign_list_cwt",
    "sign_list_token",
    "sign_notices",
    "token_url",
    "value_at",
]
