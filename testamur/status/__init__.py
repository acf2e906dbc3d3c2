"""Whether a record still stands: status lists, and the notice lists that say why it does not."""

from testamur.status.bitstring import LIST_SIZE, decode_list, encode_list, value_at
from testamur.status.list_credential import list_credential
from testamur.status.lookup import STATUS_METHODS, StatusMethod, look_up
from testamur.status.notices import NOTICE_TYPE, Notice, NoticeList, notices_url, open_notices, sign_notices
from testamur.status.reasons import REASONS, Reason, reason_named
from testamur.status.values import StatusValue

__all__ = [
    "LIST_SIZE",
    "NOTICE_TYPE",
    "REASONS",
    "STATUS_METHODS",
    "Notice",
    "NoticeList",
    "Reason",
    "StatusMethod",
    "StatusValue",
    "decode_list",
    "encode_list",
    "list_credential",
    "look_up",
    "notices_url",
    "open_notices",
    "reason_named",
    "sign_notices",
    "value_at",
]
