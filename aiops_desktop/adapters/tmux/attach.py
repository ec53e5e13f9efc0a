"""How a client looks at a session: a terminal through a view of its own, or we, unseen."""

from __future__ import annotations

from collections.abc import Sequence

from aiops_desktop.adapters.tmux.version import Feature, Version

#: What the terminal widget can do, for `tmux -T`. An unknown name ends the list for tmux, so those
#: that came later are added by version.
_WIDGET = "256,RGB,bpaste,ccolour,clipboard,cstyle,extkeys,focus,mouse,overline,strikethrough"
_WIDGET += ",title,usstyle"


def view_argv(
    base: Sequence[str], client: Version, session: str, window: str, view: str
) -> list[str]:
    """What a terminal runs to look at a window through a session of its own.

    The view is made by the client itself and ends with it, so nothing is left of a tab whose
    program died. It shares the windows, but has its own current one, so that tabs never mirror
    each other.

    Args:
        base: the program with socket and configuration.
        client: its version.
        session: whose windows are looked at.
        window: the first one in front, by id.
        view: name of the new session.
    """
    features = _WIDGET
    features += ",sync" if client.has(Feature.SYNCHRONIZED) else ""
    features += ",hyperlinks" if client.has(Feature.LINKS) else ""
    return [
        *base,
        *(["-T", features] if client.has(Feature.CLIENT_FEATURES) else []),
        *("new-session", "-t", f"={session}", "-s", view),
        *(";", "set-option", "destroy-unattached", "on"),
        *(";", "select-window", "-t", f"={view}:{window}"),
    ]


def control_argv(base: Sequence[str], server: Version, session: str) -> list[str]:
    """What runs in control mode: a client that counts as no view, changes no size, types nothing.

    Before tmux 3.2 a read-only client in control mode is all that already but for the output,
    which is passed over.
    """
    new = server.has(Feature.CLIENT_FLAGS)
    flags = ["-f", "no-output,ignore-size,read-only"] if new else ["-r"]
    return [*base, "-C", "attach-session", *flags, "-t", f"={session}"]
