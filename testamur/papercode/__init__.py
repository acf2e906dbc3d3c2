"""The printed code, both ways: ``encode(jwt, host)`` and ``decode(text)`` (docs/paper-code.md); films of codes."""

from testamur.papercode.code import decode, encode
from testamur.papercode.film import Film, film_frames, is_frame

__all__ = ["Film", "decode", "encode", "film_frames", "is_frame"]
