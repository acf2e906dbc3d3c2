"""What the issuer's operations take and answer, as the OpenAPI document tells it (VCALM's schemas)."""

from __future__ import annotations

from testamur.vcalm.documented import flag, members, operation, record, text, texts

_SIGNED = members({"verifiableCredential": record("The credential with its proof, or in an envelope.")})

ISSUE = operation(
    members(
        {
            "credential": record("A credential without proof; its issuer may be left out."),
            "options": members(
                {
                    "credentialId": text("What to call a credential that has no id."),
                    "mandatoryPointers": texts("JSON pointers that selective disclosure never hides."),
                },
                closed=True,
            ),
        },
        required=("credential",),
    ),
    _SIGNED,
    status=201,
    says="The credential, signed.",
)
STATUS = operation(
    members(
        {
            "credentialId": text("The id of the credential, or the credentialId it was given."),
            "credentialStatus": members(
                {
                    "type": text("BitstringStatusListEntry"),
                    "statusPurpose": text("revocation or suspension"),
                    "statusListIndex": text("The index, where it is known."),
                    "statusListCredential": text("The list, where it is known."),
                },
                required=("type", "statusPurpose"),
            ),
            "status": flag("Whether the status applies from now on."),
            "indexAllocator": text("Accepted and not used: indexes are never given twice."),
        },
        required=("credentialId", "credentialStatus", "status"),
        closed=True,
    ),
    members({}),
    says="The status was changed.",
)
RECORD = operation(None, _SIGNED, says="The credential.", refusals=(401, 403, 404, 410))
DELETED = operation(None, None, status=202, says="It is handed out no more.", refusals=(401, 403, 404, 410))
LIST = operation(None, record("A BitstringStatusListCredential."), says="The list.", refusals=(404,))
