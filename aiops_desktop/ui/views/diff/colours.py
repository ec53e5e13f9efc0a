"""Everything a diff mixes from the scheme's tokens (the mixes of UI.md)."""

from __future__ import annotations

from functools import lru_cache

from aiops_desktop.ui.theme import Scheme, legible, mix


class Colours:
    """The colours of one scheme; " ", "+" and "-" are the kinds of lines."""

    def __init__(self, s: Scheme) -> None:
        dark = s.dark
        self.ground = s.surface
        self.head = mix(s.surface, s.window, 0.55) if dark else s.window
        self.head_line = mix(s.border, self.head, 0.35)
        added, removed = (0.09, 0.11) if dark else (0.11, 0.11)
        self.line = {
            " ": s.surface,
            "+": mix(s.surface, s.success, added),
            "-": mix(s.surface, s.danger, removed),
        }
        self.word = {"+": mix(s.surface, s.success, 0.24), "-": mix(s.surface, s.danger, 0.24)}
        self.gutter = {
            " ": self.head,
            "+": mix(s.surface, s.success, 0.17),
            "-": mix(s.surface, s.danger, 0.17),
        }
        self.number = {
            " ": s.muted,
            "+": mix(s.success, s.text, 0.35),
            "-": mix(s.danger, s.text, 0.30),
        }
        self.sign = {"+": mix(s.success, s.text, 0.12), "-": mix(s.danger, s.text, 0.12)}
        self._syntax = {
            "": s.text,
            "comment": mix(s.muted, s.text, 0.22),
            "keyword": mix(s.accent, s.text, 0.20 if dark else 0.10),
            "string": mix(s.warning, s.text, 0.25),
            "number": mix(s.warning, s.text, 0.25),
            "name": mix(s.accent, s.text, 0.45),
        }
        self.selected = 0.12 if dark else 0.10
        self.accent, self.text, self.muted = s.accent, s.text, s.muted

    def line_ground(self, kind: str, *, selected: bool) -> str:
        """The ground of a line."""
        made = self.line[kind]
        return mix(made, self.accent, self.selected) if selected else made

    def gutter_ground(self, kind: str, *, selected: bool) -> str:
        """The ground of a line's numbers."""
        made = self.gutter[kind]
        return mix(made, self.accent, 0.22) if selected else made

    def word_ground(self, kind: str, *, selected: bool) -> str:
        """The ground of a changed word."""
        made = self.word[kind]
        return mix(made, self.accent, self.selected * 0.25) if selected else made

    def syntax(self, name: str, ground: str) -> str:
        """The colour of a piece of code, legible on its ground."""
        return legible(self._syntax[name], ground, self.text)


@lru_cache(maxsize=4)
def colours(scheme: Scheme) -> Colours:
    """The colours of a scheme, mixed once."""
    return Colours(scheme)
