"""Colours that X11 lets programs name by physics: `rgbi:`, the CIE spaces and TekHVC.

X11 converts them for a monitor of 1990, we for sRGB (IEC 61966-2-1), which today's screens show.
Formulas: CIE 15; TekHVC as Tektronix published it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

_Triple = tuple[float, float, float]

#: CIE XYZ of sRGB's white, D65.
_WHITE = (0.95047, 1.0, 1.08883)
_TO_RGB = (
    (3.2404542, -1.5371385, -0.4985314),
    (-0.9692660, 1.8760108, 0.0415560),
    (0.0556434, -0.2040259, 1.0572252),
)
#: Chromaticity (u', v') of the reddest red, from which TekHVC counts its hues; its scale of chroma.
_BEST_RED = (0.7127, 0.4931)
_CHROMA = 7.50725


def _chromaticity(x: float, y: float, z: float) -> tuple[float, float]:
    total = x + 15 * y + 3 * z
    return (4 * x / total, 9 * y / total) if total else (0.0, 0.0)


_WHITE_UV = _chromaticity(*_WHITE)


def _luminance(lightness: float) -> float:
    """CIE's L* from 0 to 100 as Y from 0 to 1."""
    if lightness < 8:
        return lightness / 903.3
    return float(((lightness + 16) / 116) ** 3)


def _from_uvy(u: float, v: float, y: float) -> _Triple:
    if v <= 0:
        return 0.0, y, 0.0
    return 9 * u / (4 * v) * y, y, (12 - 3 * u - 20 * v) / (4 * v) * y


def _from_xyy(x: float, y: float, luminance: float) -> _Triple:
    if y <= 0:
        return 0.0, luminance, 0.0
    return x / y * luminance, luminance, (1 - x - y) / y * luminance


def _from_lab(lightness: float, a: float, b: float) -> _Triple:
    middle = (lightness + 16) / 116
    roots = (middle + a / 500, middle, middle - b / 200)
    x, y, z = (part**3 if part**3 > 0.008856 else (116 * part - 16) / 903.3 for part in roots)
    return x * _WHITE[0], y * _WHITE[1], z * _WHITE[2]


def _from_luv(lightness: float, u: float, v: float) -> _Triple:
    if lightness <= 0:
        return 0.0, 0.0, 0.0
    scale = 13 * lightness
    return _from_uvy(u / scale + _WHITE_UV[0], v / scale + _WHITE_UV[1], _luminance(lightness))


def _from_hvc(hue: float, value: float, chroma: float) -> _Triple:
    if value <= 0 or value >= 100:
        return _from_uvy(*_WHITE_UV, 1.0 if value > 0 else 0.0)
    red = math.atan2(_BEST_RED[1] - _WHITE_UV[1], _BEST_RED[0] - _WHITE_UV[0])
    angle, length = math.radians(hue) + red, chroma / (value * _CHROMA)
    return _from_uvy(
        _WHITE_UV[0] + math.cos(angle) * length,
        _WHITE_UV[1] + math.sin(angle) * length,
        _luminance(value),
    )


def _linear(x: float, y: float, z: float) -> _Triple:
    red, green, blue = (a * x + b * y + c * z for a, b, c in _TO_RGB)
    return red, green, blue


_SPACES: dict[str, Callable[[float, float, float], _Triple]] = {
    "ciexyz": lambda x, y, z: (x, y, z),
    "cieuvy": _from_uvy,
    "ciexyy": _from_xyy,
    "cielab": _from_lab,
    "cieluv": _from_luv,
    "tekhvc": _from_hvc,
}


def measured(space: str, values: Sequence[float]) -> int | None:
    """The nearest colour of the screen as 0xRRGGBB; None for an unknown space or no numbers."""
    if len(values) != 3 or not all(map(math.isfinite, values)):
        return None
    first, second, third = (max(-1e6, min(value, 1e6)) for value in values)
    name = space.lower()
    if name == "rgbi":
        linear: _Triple = (first, second, third)
    elif name in _SPACES:
        linear = _linear(*_SPACES[name](first, second, third))
    else:
        return None
    red, green, blue = (round(255 * _encoded(part)) for part in linear)
    return red << 16 | green << 8 | blue


def _encoded(part: float) -> float:
    """SRGB's transfer function for an intensity from 0 to 1."""
    part = max(0.0, min(part, 1.0))
    return 12.92 * part if part <= 0.0031308 else float(1.055 * part ** (1 / 2.4) - 0.055)
