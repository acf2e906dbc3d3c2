"""What a served app says of failures: where in the program they were, never what was being looked at."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType


class WithoutWords(logging.Filter):
    """Takes the message of an error out of a log record: it may hold a name; its kind and its place stay."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, with the error shortened."""
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            record.msg, record.args = f"{kind.__name__} at {_place(trace)}", ()
            record.exc_info, record.exc_text = None, None
        return True


def _place(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "an unknown place"


def be_quiet() -> None:
    """Let the server tell of failures in this way, and the reader of forms of nothing."""
    logging.getLogger("uvicorn.error").addFilter(WithoutWords())
    logging.getLogger("asyncio").addFilter(WithoutWords())
    for name in ("python_multipart", "multipart"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
