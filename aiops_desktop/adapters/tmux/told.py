"""What tmux says when it says no, as Trouble."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aiops_desktop.adapters import process
from aiops_desktop.domain.trouble import Clash, Failed, Missing, Refused, Trouble

_NOBODY = ("no server running", "error connecting", "no current", "no sessions", "server exited")


class NoServer(Missing):
    """There is no server, or no session in it: to be told from a window that is gone."""


class OtherProtocol(Failed):
    """The server was started by a tmux that speaks another protocol than the one asked with."""


class Unknown(Failed):
    """tmux does not know an option of a command: the server is older than we took it for."""


def trouble(said: str, argv: Sequence[str]) -> Trouble:
    """What tmux printed (tmux's own words are English everywhere) as what a person can read."""
    said = said.strip()
    if "protocol version mismatch" in said:
        return OtherProtocol(
            "tmux was upgraded, and the new one cannot speak with the sessions of the old one.",
            "Install the earlier tmux again, or end the old server with all that runs in it.",
            said,
        )
    if any(text in said for text in _NOBODY):
        return NoServer("This session has ended.", "Open a new one.", said)
    if "can't find" in said:
        return Missing("This session has ended.", "Open a new one.", said)
    if "duplicate session" in said:
        return Refused("There is a session of this name already.", "", said)
    if re.search(r"index \d+ in use|index in use", said):
        return Clash("There is a window at this place already.", "Choose another place.", said)
    if "Permission denied" in said or "access not allowed" in said:
        return Failed(
            "tmux may not be used here: its socket belongs to somebody else.",
            "Remove the folder of the socket, or set TMUX_TMPDIR to one of your own.",
            said,
        )
    first = said.splitlines()[0] if said else "it ended without a word"
    kind = Unknown if re.search(r"unknown (option|flag)|usage:", said) else Failed
    return kind(
        f"tmux said no: {first}",
        "Turn tmux off in the settings if this goes on.",
        f"{process.shown(argv)}\n{said}".strip(),
    )
