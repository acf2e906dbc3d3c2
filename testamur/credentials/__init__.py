"""What a record says: VCDM 2.0 and 1.1, Open Badges 3.0, and its facts for people."""

from testamur.credentials.attached import attached
from testamur.credentials.badges_2 import from_badge_2, is_badge_2, linked
from testamur.credentials.calendars import parse_date, print_date
from testamur.credentials.cells import Value
from testamur.credentials.clr import CLR_CONTEXT, CLR_TYPE, NOT_IN_PART, held_by, is_clr
from testamur.credentials.clr_parts import is_about_learner, is_signed_apart, mixed_thing
from testamur.credentials.courses import COURSES, Courses, write_courses
from testamur.credentials.credential import Credential, Presentation
from testamur.credentials.described import Described
from testamur.credentials.disclosing import Disclosure, always_shown, disclosures, pointers_to
from testamur.credentials.elm import to_elm
from testamur.credentials.endorsing import comment_of, endorsement_of, endorsements_in, endorses
from testamur.credentials.facts import Facts, facts, in_order, leading
from testamur.credentials.findings import is_plain
from testamur.credentials.gathering import gather
from testamur.credentials.json_schema import JSON_SCHEMA, JSON_SCHEMA_CREDENTIAL, apply_schema, schema_in
from testamur.credentials.languages import TRANSCRIPT
from testamur.credentials.look import Look, Signatory
from testamur.credentials.members import is_url
from testamur.credentials.names import hidden, normal, remarks, script_of
from testamur.credentials.open_badges import is_badge
from testamur.credentials.presentations import check_self_asserted
from testamur.credentials.record_claims import record_claims
from testamur.credentials.record_types import RECORD_KINDS, kind_metadata
from testamur.credentials.related_resource import check_digest
from testamur.credentials.rules import PROFILES, RecordProfile, check_rules, profiles_of
from testamur.credentials.schema import SCHEMA_NAMES, check_schema, schema_for, schema_text
from testamur.credentials.sd_jwt_vc import PERSONAL, claimed_types, disclosable, is_sd_jwt_vc, moment
from testamur.credentials.status_entry import STATUS_CLAIM, StatusEntry
from testamur.credentials.template import SHIPPED, Template, column_types, shipped_template
from testamur.credentials.template_forms import FURTHER_FORMS, IN_PART, why_not
from testamur.credentials.template_toml import Mistake, TemplateMistakes
from testamur.credentials.template_values import values_of
from testamur.credentials.type_metadata import (
    MAX_EXTENDS,
    MAX_METADATA,
    TypeMetadata,
    departures,
    integrity_holds,
    integrity_of,
)

__all__ = [
    "CLR_CONTEXT",
    "CLR_TYPE",
    "COURSES",
    "FURTHER_FORMS",
    "IN_PART",
    "JSON_SCHEMA",
    "JSON_SCHEMA_CREDENTIAL",
    "MAX_EXTENDS",
    "MAX_METADATA",
    "NOT_IN_PART",
    "PERSONAL",
    "PROFILES",
    "RECORD_KINDS",
    "SCHEMA_NAMES",
    "SHIPPED",
    "STATUS_CLAIM",
    "TRANSCRIPT",
    "Courses",
    "Credential",
    "Described",
    "Disclosure",
    "Facts",
    "Look",
    "Mistake",
    "Presentation",
    "RecordProfile",
    "Signatory",
    "StatusEntry",
    "Template",
    "TemplateMistakes",
    "TypeMetadata",
    "Value",
    "always_shown",
    "apply_schema",
    "attached",
    "check_digest",
    "check_rules",
    "check_schema",
    "check_self_asserted",
    "claimed_types",
    "column_types",
    "comment_of",
    "departures",
    "disclosable",
    "disclosures",
    "endorsement_of",
    "endorsements_in",
    "endorses",
    "facts",
    "from_badge_2",
    "gather",
    "held_by",
    "hidden",
    "in_order",
    "integrity_holds",
    "integrity_of",
    "is_about_learner",
    "is_badge",
    "is_badge_2",
    "is_clr",
    "is_plain",
    "is_sd_jwt_vc",
    "is_signed_apart",
    "is_url",
    "kind_metadata",
    "leading",
    "linked",
    "mixed_thing",
    "moment",
    "normal",
    "parse_date",
    "pointers_to",
    "print_date",
    "profiles_of",
    "record_claims",
    "remarks",
    "schema_for",
    "schema_in",
    "schema_text",
    "script_of",
    "shipped_template",
    "to_elm",
    "values_of",
    "why_not",
    "write_courses",
]
