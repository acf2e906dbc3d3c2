"""How a page would look, before anything is signed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from testamur.credentials import Template
from testamur.home import Home
from testamur.render import page_fields, specimen
from testamur.rows import CheckedRow

_ID = f"urn:uuid:{UUID(int=0)}"
_CODE_DIGITS = 720  # as many as a usual diploma needs, so that the code has its usual size


def specimen_pdf(home: Home, template: Template, row: CheckedRow, *, at: datetime) -> bytes:
    """The page of one row as PDF, marked as a specimen; raises Malformed where the page cannot be made."""
    claims = template.fill(
        row.cells,
        line=row.line,
        issuer_id=home.did,
        issuer_name=home.name,
        issuer_url=home.url,
        record_id=_ID,
        at=at,
    )
    code = f"HTTPS://{home.paper_host.upper()}/Q#{'0' * _CODE_DIGITS}"
    return specimen(page_fields(claims, template.look), template.look, code=code, crest=template.crest)
