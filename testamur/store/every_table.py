"""Every table of the database, for what goes over all of them: migrations, backups, tests."""

from testamur.store import erasing, tables
from testamur.store.audit import tables as audit
from testamur.store.claims import tables as claims
from testamur.store.desk import tables as desk
from testamur.store.drafts import tables as drafts
from testamur.store.mail import tables as mail

ROOMS = (tables, desk, audit, claims, drafts, mail, erasing)
"""The modules that add their tables to the metadata as they are imported."""

metadata = tables.metadata
kept = [table for table in metadata.sorted_tables if not table.info.get("passing")]
"""Those that a backup holds; the others are of sessions and invitations, which end by themselves."""
