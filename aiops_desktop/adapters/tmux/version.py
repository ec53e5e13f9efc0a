"""Which tmux it is, and what that one can do: the only place that knows versions."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from aiops_desktop.adapters import process
from aiops_desktop.domain.trouble import Missing, Trouble

#: The oldest tmux that takes variables for a new window (`-e`, CHANGES of tmux 3.0).
OLDEST = (3, 0)
#: Seconds that telling its version may take.
TIMEOUT = 10.0


class Feature(Enum):
    """What not every tmux can, with the first version that can (from the CHANGES of tmux).

    The sentence is for the person; features without one are only our business.
    """

    EXPANDED_NAMES = ((3, 1), "")
    """The name of a new window may hold formats; before that it is taken as it is."""
    FIRST_VARIABLES = ((3, 2), "")
    """`new-session -e`."""
    CLIENT_FLAGS = ((3, 2), "")
    """`attach-session -f no-output,ignore-size,read-only`."""
    CLIENT_FEATURES = (
        (3, 2),
        "Coloured and curly underlines are shown as plain ones.",
    )
    """`tmux -T`: what the terminal that attaches can do."""
    FILTERS = ((3, 2), "")
    """`list-panes -f`."""
    EXTENDED_KEYS = (
        (3, 2),
        "Keys such as Ctrl+Enter and Ctrl+Shift+letter reach programs as plain ones.",
    )
    DEAD_SIGNAL = (
        (3, 3),
        "A program that was ended by a signal is shown without the signal's number.",
    )
    TRIMMED = ((3, 3), "")
    """`capture-pane -J` brings the cells that were written, not blanks to the pane's edge."""
    LINKS = ((3, 4), "Links that programs mark (OSC 8) are plain text.")
    SYNCHRONIZED = ((3, 4), "")
    """tmux itself says when a redraw is whole, with DEC mode 2026."""

    CLUSTERS = ((3, 4), "")
    """Variation selectors and skin tones widen a cell, as DEC mode 2027 has it."""

    @property
    def since(self) -> tuple[int, int]:
        """The first version that has it."""
        return self.value[0]

    @property
    def without(self) -> str:
        """What a person misses without it, "" when nothing is to be seen."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Version:
    """A tmux version. Builds from source without a number ("master") count as the newest."""

    number: tuple[int, int]
    text: str

    def has(self, feature: Feature) -> bool:
        """Whether this tmux can do it."""
        return self.number >= feature.since

    @property
    def missing(self) -> tuple[str, ...]:
        """What a person misses with this version, a sentence each."""
        return tuple(f.without for f in Feature if f.without and not self.has(f))


def parse(told: str) -> Version:
    """The version in "tmux 3.3a", "3.0a", "next-3.8" or "master"."""
    words = told.split()
    text = words[-1] if words else ""
    found = re.search(r"(\d+)\.(\d+)", text)
    return Version((int(found[1]), int(found[2])) if found else (99, 0), text)


def version_of(program: str) -> Version:
    """The version of a tmux program; (0, 0) when it does not tell."""
    try:
        return _asked(program, os.stat(program).st_mtime_ns)  # noqa: PTH116 - a plain stat
    except OSError:
        return Version((0, 0), "")


@functools.lru_cache(maxsize=8)
def _asked(program: str, _changed: int) -> Version:
    try:
        told = process.run([program, "-V"], env=process.environment(), timeout=TIMEOUT).text
    except Trouble:
        return Version((0, 0), "")
    return parse(told) if told.strip() else Version((0, 0), "")


def find_tmux(env: Mapping[str, str]) -> str:
    """The full path of a tmux that is new enough.

    Raises:
        Missing: there is none.
    """
    found = process.which("tmux", env)
    if not found:
        raise Missing("tmux was not found on this computer.", "Install tmux 3.0 or newer.")
    if version_of(found).number < OLDEST:
        raise Missing("This tmux is too old.", "Install tmux 3.0 or newer.")
    return found
