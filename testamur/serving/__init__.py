"""What the served apps share: where they listen, and the bounds every request is held to."""

from testamur.serving.bounds import BodyBounds, Bounds
from testamur.serving.headers import SafeHeaders
from testamur.serving.place import Place, is_loopback, place_options
from testamur.serving.rates import Rates
from testamur.serving.running import run

__all__ = ["BodyBounds", "Bounds", "Place", "Rates", "SafeHeaders", "is_loopback", "place_options", "run"]
