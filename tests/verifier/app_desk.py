"""A verifying app over the simulated town."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from testamur.verifier.app import make_app
from testamur.verifier.desk import Desk
from tests.served import Served, serving
from tests.town import NOW, Town


def desk_of(town: Town, **settings: Any) -> Desk:
    return Desk(town.employer(**settings), town.web, now=lambda: NOW)


@contextmanager
def verifying_app(town: Town, **options: Any) -> Iterator[Served]:
    """The app of an employer in the town."""
    with serving(make_app(desk_of(town), **options)) as served:
        yield served
