"""Chooses the door: the window, or the shell."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiops_desktop.domain.layout import Layout


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window, or do what the words say; the exit code.

    Nothing heavy is imported here: the window is to be seen first.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    verb = words[0] if words else "start"
    if verb == "supervise":
        from aiops_desktop.adapters import supervisor

        return int(supervisor.main(words[1:]) or 0)
    from aiops_desktop import app

    if verb in ("start", "--project") or verb.startswith(("--project=", "aiops://")):
        return _window(app.layout_from_environment(), words[1:] if verb == "start" else words)
    if verb == "demo":
        try:
            from aiops_desktop.ui import demo
        except ImportError as error:
            return _no_window(error)
        return int(demo.main(words[1:]) or 0)
    if verb in ("stop", "status") and len(words) == 1:
        layout = app.layout_from_environment()
        found = _status(layout)
        return _stop(layout) if verb == "stop" else found
    from aiops_desktop import cli

    return cli.main(words, app.layout_from_environment, app.build)


def _window(layout: Layout, words: list[str]) -> int:
    try:
        from aiops_desktop.ui import application
    except ImportError as error:
        return _no_window(error)
    return int(application.main(layout, words) or 0)


def _no_window(error: ImportError) -> int:
    print(f"The window cannot open here: {error}.", file=sys.stderr)
    print("Run “make sync”. The shell commands work without it: see --help.", file=sys.stderr)
    return 5


if __name__ == "__main__":
    raise SystemExit(main())
