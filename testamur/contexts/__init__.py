"""The JSON-LD contexts testamur knows, by address; nothing else is ever loaded, and nothing is fetched."""

from testamur.contexts.examples import example_contexts
from testamur.contexts.shipped import SHIPPED, URLS, ContextSet, load

__all__ = ["SHIPPED", "URLS", "ContextSet", "example_contexts", "load"]
