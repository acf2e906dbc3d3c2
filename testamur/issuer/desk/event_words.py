"""The acts of the audit log in words."""

from __future__ import annotations

from collections.abc import Mapping

from testamur.store.audit import Entry
from testamur.words import Sentence, say

_ACTS: Mapping[str, Sentence] = {
    "begun": say("The log was begun"),
    "issued": say("Issued"),
    "revoked": say("Revoked"),
    "suspended": say("Suspended"),
    "reinstated": say("The suspension was ended"),
    "replaced": say("A corrected copy took its place"),
    "batch_undone": say("A batch was undone"),
    "form_added": say("Signed in a further form"),
    "hidden": say("Handed out no more"),
    "erased": say("What it said about a person was erased"),
    "handed_out": say("A file was taken"),
    "remark": say("A remark was made"),
    "draft_prepared": say("Handed over for approval"),
    "draft_approved": say("Approved"),
    "draft_returned": say("Sent back"),
    "draft_withdrawn": say("Given up"),
    "draft_signed": say("Carried out"),
    "key_added": say("A key was made"),
    "key_retired": say("A key was retired"),
    "key_compromised": say("A key was declared compromised"),
    "renamed": say("The organisation moved to another name"),
    "setting": say("A setting was changed"),
    "published": say("Published"),
    "backed_up": say("A backup was made"),
    "exported": say("The log was exported"),
    "template_kept": say("A template was changed"),
    "invited": say("Somebody was invited"),
    "joined": say("Somebody joined"),
    "roles_given": say("Roles were changed"),
}


def told(entry: Entry) -> Sentence:
    """What an entry tells; the word of the log itself for an act that has no sentence yet."""
    return _ACTS.get(entry.act, say("{reason}", reason=entry.act))
