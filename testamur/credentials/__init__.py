"""What a record says: VCDM 2.0 and 1.1, Open Badges 3.0, and its facts for people."""

from testamur.credentials.credential import Credential, Presentation
from testamur.credentials.facts import Facts, facts
from testamur.credentials.look import Look
from testamur.credentials.presentations import check_self_asserted
from testamur.credentials.related_resource import check_digest
from testamur.credentials.rules import PROFILES, RecordProfile, check_rules, profiles_of
from testamur.credentials.schema import check_schema, schema_for, schema_text
from testamur.credentials.status_entry import StatusEntry
from testamur.credentials.template import Template, column_types, shipped_template

__all__ = [
    "PROFILES",
    "Credential",
    "Facts",
    "Look",
    "Presentation",
    "RecordProfile",
    "StatusEntry",
    "Template",
    "check_digest",
    "check_rules",
    "check_schema",
    "check_self_asserted",
    "column_types",
    "facts",
    "profiles_of",
    "schema_for",
    "schema_text",
    "shipped_template",
]
