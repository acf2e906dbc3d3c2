"""The printed code, both ways: ``encode(jwt, host)`` and ``decode(text)`` (docs/paper-code.md)."""

from testamur.papercode.code import decode, encode

__all__ = ["decode", "encode"]
