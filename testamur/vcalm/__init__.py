"""The manners of the VC API (VCALM): settings, requests, answers, problem details, and who may ask."""

from testamur.vcalm.access import Access, Client
from testamur.vcalm.answers import answer_json
from testamur.vcalm.part import Desk, Instance, Manner, Part
from testamur.vcalm.problems import problem_details, problem_of_check
from testamur.vcalm.requests import Body, flag_of, object_of, options_of, request_members, text_of, texts_of
from testamur.vcalm.server import Server, now
from testamur.vcalm.signing_key import signer_of
from testamur.vcalm.tables import Table

__all__ = [
    "Access",
    "Body",
    "Client",
    "Desk",
    "Instance",
    "Manner",
    "Part",
    "Server",
    "Table",
    "answer_json",
    "flag_of",
    "now",
    "object_of",
    "options_of",
    "problem_details",
    "problem_of_check",
    "request_members",
    "signer_of",
    "text_of",
    "texts_of",
]
