"""Statements and how they are written: canonical N-Quads (RDFC §5, N-Quads 1.1), and read back.

A statement is (subject, predicate, object, graph). A term is text in its N-Quads form (``<iri>``,
``"literal"^^<type>``), or a number, which stands for a blank node; the graph is "" by default.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from testamur.errors import Malformed

Term = str | int
Statement = tuple[Term, str, Term, Term]

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = f"<{RDF}type>"
FIRST = f"<{RDF}first>"
REST = f"<{RDF}rest>"
NIL = f"<{RDF}nil>"

_ESCAPES = {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)}
_ESCAPES |= {ord(c): f"\\{e}" for c, e in zip('\b\t\n\f\r"\\', 'btnfr"\\', strict=True)}
_PLAIN = re.compile(r'[^"\\\x00-\x1f\x7f\ufffe\uffff]*').fullmatch


def escape(text: str) -> str:
    """The inside of a literal in canonical N-Quads (RDFC §5)."""
    return text if _PLAIN(text) else text.translate(_ESCAPES)


def write_statement(statement: Statement, name: Callable[[int], str]) -> str:
    """One line of canonical N-Quads, blank nodes named by ``name``."""
    subject, predicate, target, graph = statement
    if type(subject) is int:
        subject = name(subject)
    if type(target) is int:
        target = name(target)
    if graph == "":
        return f"{subject} {predicate} {target} .\n"
    if type(graph) is int:
        graph = name(graph)
    return f"{subject} {predicate} {target} {graph} .\n"


_SPACE = r"[ \t]*"
_IRI = r"<(?:[^\x00-\x20<>\"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>"
_BLANK = r"_:[^\s<>\"]*[^\s<>\".]"
_LITERAL = rf'"(?:[^"\\\r\n]|\\.)*"(?:\^\^{_IRI}|@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*)?'
_LINE = re.compile(
    rf"{_SPACE}({_IRI}|{_BLANK}){_SPACE}({_IRI}){_SPACE}({_IRI}|{_BLANK}|{_LITERAL})"
    rf"{_SPACE}({_IRI}|{_BLANK})?{_SPACE}\.{_SPACE}(?:#.*)?"
)
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SHORT = dict(zip("btnfr\"'\\", "\b\t\n\f\r\"'\\", strict=True))


def read_nquads(text: str) -> tuple[list[Statement], list[str]]:
    """The statements of an N-Quads text and the labels of its blank nodes, by their number; raises Malformed."""
    numbers: dict[str, int] = {}
    statements = []
    for count, line in enumerate(re.split(r"[\r\n]+", text), 1):
        if line.strip(" \t") and not line.lstrip(" \t").startswith("#"):
            match = _LINE.fullmatch(line)
            if match is None:
                raise Malformed(f"line {count}", "this is not a statement in N-Quads")
            subject, predicate, target, graph = (_read_term(part or "", numbers) for part in match.groups())
            statements.append((subject, str(predicate), target, graph))
    return statements, [label.removeprefix("_:") for label in numbers]


def write_nquads(statements: Iterable[Statement], labels: list[str]) -> str:
    """N-Quads text, in the order given, with these labels for the blank nodes."""
    return "".join(write_statement(item, lambda number: f"_:{labels[number]}") for item in statements)


def _read_term(text: str, numbers: dict[str, int]) -> Term:
    if text.startswith("_:"):
        return numbers.setdefault(text, len(numbers))
    if not text.startswith('"'):
        return _ESCAPED.sub(_unescape, text)
    end = text.rindex('"')
    suffix = _ESCAPED.sub(_unescape, text[end + 1 :])
    if suffix == f"^^<{XSD}string>":
        suffix = ""
    return f'"{escape(_ESCAPED.sub(_unescape, text[1:end]))}"{suffix}'


def _unescape(match: re.Match[str]) -> str:
    short, long, single = match.groups()
    if single:
        if single not in _SHORT:
            raise Malformed("", f"\\{single} is no escape in N-Quads")
        return _SHORT[single]
    code = int(short or long, 16)
    if code > 0x10FFFF or 0xD800 <= code < 0xE000:
        raise Malformed("", f"\\u{code:X} is no character")
    return chr(code)
