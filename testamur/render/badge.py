"""A badge's picture when an award has none of its own, drawn in the colours of the look."""

from __future__ import annotations

from math import cos, pi, sin
from typing import TYPE_CHECKING

from testamur.errors import Malformed
from testamur.render.fonts import families

if TYPE_CHECKING:
    from testamur.credentials import Look

_SIDE = 400
_MAX_NAME = 200


def badge_picture(look: Look, name: str) -> str:
    """A seal as SVG; with a name, the name is its title for people who cannot see it."""
    middle = _SIDE / 2
    title = f"<title>{_escaped(name)}</title>" if name else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIDE} {_SIDE}" width="{_SIDE}" height="{_SIDE}">'
        f'{title}<path d="{_star(middle, 196, 184, 48)}" fill="{look.accent}"/>'
        f'<circle cx="{middle}" cy="{middle}" r="172" fill="#ffffff"/>'
        f'<circle cx="{middle}" cy="{middle}" r="166" fill="{look.ink}"/>'
        f'<g fill="none" stroke="#ffffff" stroke-opacity="0.28" stroke-width="1">{_petals(middle)}</g>'
        f'<circle cx="{middle}" cy="{middle}" r="104" fill="{look.ink}" stroke="{look.accent}" stroke-width="3"/>'
        f'<path d="{_star(middle, 74, 30, 5)}" fill="#ffffff"/></svg>'
    )


def badge_png(look: Look, name: str) -> bytes:
    """The seal with the award's name under it, as PNG; raises Malformed for a name that cannot be set."""
    from testamur.render.typesetting import typeset_picture

    if not name.isprintable() or len(name) > _MAX_NAME:
        raise Malformed("", f"{name[:60]!r} cannot be put on a badge")
    data = {
        "badge": badge_picture(look, ""),
        "name": name,
        "ink": look.ink,
        "lang": look.language.partition("-")[0],
        "fonts": families([name], look.language),
    }
    return typeset_picture("badge.typ", data)


def _star(middle: float, outer: float, inner: float, points: int) -> str:
    corners = [
        (middle + radius * sin(pi * step / points), middle - radius * cos(pi * step / points))
        for step in range(2 * points)
        for radius in (inner if step % 2 else outer,)
    ]
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in corners) + "z"


def _petals(middle: float) -> str:
    return "".join(
        f'<ellipse cx="{middle}" cy="{middle}" rx="162" ry="70" transform="rotate({angle} {middle} {middle})"/>'
        for angle in range(0, 180, 10)
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
