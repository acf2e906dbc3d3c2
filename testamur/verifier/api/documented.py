"""What the verifier's operations take and answer, as the OpenAPI document tells it (VCALM's schemas)."""

from __future__ import annotations

from testamur.vcalm.documented import PROBLEM, flag, members, operation, record, text, texts

_PROBLEMS = {"type": "array", "items": PROBLEM}
_OPTIONS = {
    "checks": texts(
        "What to ask: proof, validFrom, credentialStatus, credentialSchema, issuer. Left out: everything."
    ),
    "challenge": text("The question a presentation must answer."),
    "domain": text("Whom a presentation must have been made for."),
    "expectedProofPurpose": text("assertionMethod for credentials, authentication for presentations."),
    "returnProblemDetails": flag("Tell warnings too."),
}
_REFUSALS = (400, 401, 403, 404, 413, 422)

CREDENTIAL = operation(
    members(
        {
            "verifiableCredential": record(
                "The credential with its proof, or an EnvelopedVerifiableCredential."
            ),
            "options": members(
                _OPTIONS
                | {
                    "returnResults": flag("Tell what each proof, date, status and schema came to."),
                    "returnCredential": flag("Send the credential back."),
                },
                closed=True,
            ),
        },
        required=("verifiableCredential",),
        closed=True,
    ),
    members(
        {
            "verified": flag(
                "No check failed, and none required is undecided unless the instance excuses it."
            ),
            "credential": record("As it was sent."),
            "problemDetails": _PROBLEMS,
            "results": record("Per member of the credential."),
        },
        required=("verified",),
        closed=True,
    ),
    says="It was verified, or it was not: `verified` says which.",
    refusals=_REFUSALS,
)
PRESENTATION = operation(
    members(
        {
            "verifiablePresentation": record("With its proof, or an EnvelopedVerifiablePresentation."),
            "presentation": record("Without a proof: only the credentials in it are verified."),
            "options": members(_OPTIONS | {"returnPresentation": flag("Send the presentation back.")}),
        },
        closed=True,
    ),
    members(
        {
            "verified": flag("The presentation and every credential in it."),
            "verifiablePresentation": record("As it was sent."),
            "problemDetails": _PROBLEMS,
            "results": record("Of the presentation, and of each credential in it."),
        },
        required=("verified",),
        closed=True,
    ),
    says="It was verified, or it was not: `verified` says which.",
    refusals=_REFUSALS,
)
