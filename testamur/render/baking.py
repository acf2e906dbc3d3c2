"""Badges that carry their credential: PNG and SVG pictures, both ways (OB §5.3).

Nothing is parsed loosely: a PNG has to keep its chunk lengths and checksums, an SVG may declare no
entities, and both are bounded before they are read.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from testamur.errors import Malformed

MAX_PICTURE = 10_000_000
MAX_CREDENTIAL = 2_000_000
MAX_CHUNKS = 20_000
_MAX_DEPTH = 200

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
OLD_KEYWORD = b"openbadges"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
_ELEMENT = f"{NAMESPACE} credential"
_SVG = "http://www.w3.org/2000/svg svg"


def bake_png(png: bytes, credential: str) -> bytes:
    """The picture with the credential in it, in place of any it had; raises Malformed for a broken PNG."""
    text = _bounded(credential)
    baked = _chunk(b"iTXt", KEYWORD + b"\0\0\0\0\0" + text)
    parts = [SIGNATURE]
    for kind, data in _chunks(png):
        if kind == b"iTXt" and _keyword(data) == KEYWORD:
            continue
        parts.append(_chunk(kind, data))
        if kind == b"IHDR":
            parts.append(baked)
    return b"".join(parts)


def unbake_png(png: bytes, keyword: bytes = KEYWORD) -> str | None:
    """The credential in a PNG, or None; raises Malformed for a broken PNG and for two credentials."""
    found = [data for kind, data in _chunks(png) if kind == b"iTXt" and _keyword(data) == keyword]
    if len(found) > 1:
        raise Malformed("", "the picture holds more than one credential", clause="OB §5.3.1")
    if not found:
        return None
    rest = found[0][len(keyword) + 1 :]
    parts = rest[2:].split(b"\0", 2)
    if rest[:2] != b"\0\0" or len(parts) != 3:
        raise Malformed("", "the credential in the picture is compressed or cut short", clause="OB §5.3.1")
    return _decoded(parts[2])


def unbake_old_png(png: bytes) -> str | None:
    """The same for an assertion of Open Badges 2.0."""
    return unbake_png(png, OLD_KEYWORD)


def bake_svg(svg: str, credential: str) -> str:
    """The drawing with the credential in it, in place of any it had; raises Malformed for a broken SVG."""
    _bounded(credential)
    raw = svg.encode("utf-8")
    drawing = _read_svg(raw)
    for start, end in reversed(drawing.places):
        raw = raw[:start] + raw[end:]
    head, tail = raw[: drawing.inside], raw[drawing.inside :]
    if head.endswith(b"/>"):
        name = head[drawing.start + 1 :].split(None, 1)[0].removesuffix(b"/>")
        head, tail = head[:-2] + b">", b"</" + name + b">" + tail
    return (head + _element(credential).encode("utf-8") + tail).decode("utf-8")


def unbake_svg(svg: bytes) -> str | None:
    """The credential in an SVG, or None; raises Malformed for broken XML, entities and two credentials."""
    found = _read_svg(svg).found
    if len(found) > 1:
        raise Malformed("", "the drawing holds more than one credential", clause="OB §5.3.2")
    text = found[0].strip() if found else ""
    return _decoded(text.encode("utf-8")) if text else None


def _bounded(credential: str) -> bytes:
    text = credential.encode("utf-8")
    if not text or len(text) > MAX_CREDENTIAL or b"\0" in text:
        raise Malformed("", f"a credential of {len(text)} bytes cannot go into a picture")
    return text


def _decoded(text: bytes) -> str:
    if len(text) > MAX_CREDENTIAL:
        raise Malformed("", f"the credential in the picture is longer than {MAX_CREDENTIAL} bytes")
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("", "the credential in the picture is not UTF-8") from None


def _keyword(data: bytes) -> bytes:
    return data[:80].partition(b"\0")[0]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks from IHDR to IEND (PNG §5); nothing may come after."""
    if len(png) > MAX_PICTURE:
        raise Malformed("", f"the picture is larger than {MAX_PICTURE} bytes")
    if not png.startswith(SIGNATURE):
        raise Malformed("", "this is not a PNG picture")
    position, count, kind = len(SIGNATURE), 0, b""
    while kind != b"IEND":
        if position + 12 > len(png) or count > MAX_CHUNKS:
            raise Malformed("", "the PNG picture is cut short")
        (length,) = struct.unpack_from(">I", png, position)
        kind, end = png[position + 4 : position + 8], position + 12 + length
        if end > len(png) or (count == 0) != (kind == b"IHDR"):
            raise Malformed("", "the PNG picture is cut short or out of order")
        data = png[position + 8 : end - 4]
        if zlib.crc32(kind + data) != struct.unpack_from(">I", png, end - 4)[0]:
            raise Malformed("", f"the PNG picture is damaged in its chunk {kind.decode('latin-1')!r}")
        yield kind, data
        position, count = end, count + 1
    if position != len(png):
        raise Malformed("", "the PNG picture has something after its end")


def _element(credential: str) -> str:
    """JSON as character data, a token as an attribute (OB §5.3.2)."""
    opening = f'<openbadges:credential xmlns:openbadges="{NAMESPACE}"'
    if credential.lstrip().startswith("{"):
        return f"{opening}><![CDATA[{credential.replace(']]>', ']]]]><![CDATA[>')}]]></openbadges:credential>"
    if (
        not credential.isascii()
        or not credential.isprintable()
        or any(mark in credential for mark in '<>&" ')
    ):
        raise Malformed("", "this is neither a JSON credential nor a compact token")
    return f'{opening} verify="{credential}"></openbadges:credential>'


class _Drawing:
    """What one pass over an SVG finds: credentials, the bytes they take, and where the root's content begins."""

    def __init__(self, parser: expat.XMLParserType, source: bytes) -> None:
        self.found: list[str] = []
        self.places: list[tuple[int, int]] = []
        self.start = self.inside = -1
        self._parser, self._source = parser, source
        self._depth = 0
        self._open = -1
        self._waiting = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self._arrived()
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise Malformed("", f"the drawing is nested more than {_MAX_DEPTH} deep")
        if self._depth == 1:
            if name != _SVG:
                raise Malformed("", "this is not an SVG drawing")
            self.start, self._waiting = self._parser.CurrentByteIndex, True
        elif name == _ELEMENT:
            if self._open >= 0:
                raise Malformed("", "a credential stands inside another")
            self._open = self._parser.CurrentByteIndex
            self.found.append(attributes.get("verify", ""))

    def end(self, name: str) -> None:
        self._arrived()
        self._depth -= 1
        if name == _ELEMENT and self._open >= 0:
            self.places.append((self._open, self._end_of_tag()))
            self._open = -1

    def text(self, data: str) -> None:
        self._arrived()
        if self._open >= 0:
            self.found[-1] += data

    def aside(self, *_: str) -> None:
        """A comment or a processing instruction: it says nothing, but it stands somewhere."""
        self._arrived()

    def _end_of_tag(self) -> int:
        """Where the end tag at hand ends; for an empty element the parser stands there already."""
        position = self._parser.CurrentByteIndex
        return (
            self._source.index(b">", position) + 1 if self._source.startswith(b"</", position) else position
        )

    def _arrived(self) -> None:
        if self._waiting:
            self.inside, self._waiting = self._parser.CurrentByteIndex, False


def _read_svg(svg: bytes) -> _Drawing:
    if len(svg) > MAX_PICTURE:
        raise Malformed("", f"the drawing is larger than {MAX_PICTURE} bytes")
    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
    drawing = _Drawing(parser, svg)
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.EntityDeclHandler = _refuse_entities
    parser.StartElementHandler = drawing.begin
    parser.EndElementHandler = drawing.end
    parser.CharacterDataHandler = drawing.text
    parser.CommentHandler = drawing.aside
    parser.ProcessingInstructionHandler = drawing.aside
    try:
        parser.Parse(svg, True)
    except expat.ExpatError as error:
        raise Malformed("", f"the drawing is not well-formed XML: {expat.ErrorString(error.code)}") from None
    return drawing


def _refuse_entities(*_: object) -> None:
    raise Malformed("", "the drawing declares entities, which are not accepted")
