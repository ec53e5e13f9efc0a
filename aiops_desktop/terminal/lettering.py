"""Character sets: which letters a program's bytes stand for (ISO 2022, VT320's sets).

Text is UTF-8; the sets matter for what is ASCII in it.
"""

from __future__ import annotations

from pyte import charsets

from aiops_desktop.terminal.rectangles import Rectangles

_GRAPHICS = {code: charsets.VT100_MAP[code] for code in range(0x60, 0x7F)}
# pyte's table has other characters than DEC's for these three.
_GRAPHICS |= {0x5F: " ", 0x68: "\u2424", 0x69: "\u240b"}

_TECHNICAL_AT = "!\"#$%&'()*+,-./0<=>?@ABCDEFGHIJKLMNOPQSVWXYZ[\\]^_`abcdefghijklnopqrstvwxyz{|}~"
_TECHNICAL = "\u23b7┌─⌠⌡│⎡⎣⎤⎦⎛⎝⎞⎠⎨⎬≤≠≥∫∴∝∞÷Δ∇ΦΓ∼≃Θ×Λ⇔⇒≡ΠΨΣ√ΩΞΥ⊂⊃∩∪∧∨¬αβχδεφγηιθκλν∂πψρστƒωξυζ←↑→↓"

# DEC's supplemental set is Latin-1 with these differences.
_SUPPLEMENTAL = {code: chr(code + 0x80) for code in range(0x21, 0x7F)}
_SUPPLEMENTAL |= {0x28: "¤", 0x57: "Œ", 0x5D: "Ÿ", 0x77: "œ", 0x7D: "ÿ"}

_TRANSLATIONS: dict[str, dict[int, str]] = {
    "0": _GRAPHICS,
    "2": _GRAPHICS,
    ">": dict(zip(map(ord, _TECHNICAL_AT), _TECHNICAL, strict=True)),
    "<": _SUPPLEMENTAL,
    "%5": _SUPPLEMENTAL,
    "A": {0x23: "\u00a3"},
    # With a "-" before it: a set of 96 characters.
    "-A": {code: chr(code + 0x80) for code in range(0x20, 0x80)},
}


def _letters(designators: str, signs: str, letters: str) -> dict[str, dict[int, str]]:
    made = dict(zip(map(ord, signs), letters, strict=True))
    return dict.fromkeys(designators.split(), made)


#: National replacement sets (VT320), which DECNRCM has to allow.
_NATIONAL = (
    _letters("4", "#@[\\]{|}~", "£¾ĳ½|¨ƒ¼´")
    | _letters("C 5", "[\\]^`{|}~", "ÄÖÅÜéäöåü")
    | _letters("R f", "#@[\\]{|}~", "£à°ç§éùè¨")
    | _letters("Q 9", "@[\\]^`{|}~", "àâçêîôéùèû")
    | _letters("K", "@[\\]{|}~", "§ÄÖÜäöüß")
    | _letters("Y", "#@[\\]`{|}~", "£§°çéùàòèì")
    | _letters("` E 6", "@[\\]^`{|}~", "ÄÆØÅÜäæøåü")
    | _letters("%6", "[\\]{|}", "ÃÇÕãçõ")
    | _letters("Z", "#@[\\]{|}", "£§¡Ñ¿°ñç")
    | _letters("H 7", "@[\\]^`{|}~", "ÉÄÖÅÜéäöåü")
    | _letters("=", "#@[\\]^_`{|}~", "ùàéçêîèôäöüû")
)

#: What designates G0 to G3: sets of 94 and of 96 characters.
_SLOTS = {"(": 0, ")": 1, "*": 2, "+": 3, "-": 1, ".": 2, "/": 3}


class Lettering(Rectangles):
    """Chooses character sets.

    Attributes:
        sets: the designators of G0 to G3.
        shift: which of them is in use.
        national: national sets are allowed (DECNRCM).
    """

    def reset(self) -> None:
        """RIS."""
        super().reset()
        self.national = False
        self.reset_charsets()

    def reset_charsets(self) -> None:
        """ASCII everywhere."""
        self.sets = ["B", "B", "B", "B"]
        self.shift = 0
        self._single: int | None = None
        self.trans = None

    def define_charset(self, code: str, mode: str) -> None:
        """SCS: `mode` is the character that names one of G0 to G3 and the set's size."""
        self.sets[_SLOTS[mode]] = f"-{code}" if mode in "-./" else code
        self.translate()

    def shift_in(self) -> None:
        """SI: G0."""
        self.shift_set(0)

    def shift_out(self) -> None:
        """SO: G1."""
        self.shift_set(1)

    def shift_set(self, number: int) -> None:
        """LS2, LS3."""
        self.shift = number
        self.translate()

    def shift_once(self, number: int) -> None:
        """SS2, SS3: for the next character."""
        self._single = number
        # Not None, so that text comes through `draw`.
        self.trans = self.trans or {}

    def draw(self, data: str) -> None:
        """Write text without control characters."""
        if self._single is not None and data:
            self.trans, self._single = self._table(self.sets[self._single]), None
            super().draw(data[0])
            self.translate()
            data = data[1:]
        super().draw(data)

    def translate(self) -> None:
        """Take the set in use."""
        self.trans = self._table(self.sets[self.shift])

    def _table(self, code: str) -> dict[int, str] | None:
        if self.national and code in _NATIONAL:
            return _NATIONAL[code]
        return _TRANSLATIONS.get(code)
