"""Answers in JSON."""

from __future__ import annotations

from fastapi import Response

from testamur.jsontext import Json, write_json


def answer_json(members: Json, status: int = 200) -> Response:
    """An answer with these members."""
    return Response(write_json(members), status, media_type="application/json")
