"""Chooses the door: the window, or the shell."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiops_desktop.domain.layout import Layout

#: Debian's packages without which Qt cannot even be imported (scripts/setup.sh has them, too).
_QT_NEEDS = ("libegl1", "libgl1", "libxkbcommon0", "libdbus-1-3", "libfontconfig1", "libglib2.0-0")


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window, or do what the words say; the exit code.

    Nothing heavy is imported here: the window is to be seen first.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    verb = words[0] if words else "start"
    if verb == "supervise" and len(words) == 2:
        from pathlib import Path

        from aiops_desktop.adapters.supervisor.serve import serve

        return serve(Path(words[1]))
    if verb == "demo-assistant":  # a package has no other way to run a module of its own
        from aiops_desktop.adapters.assistants import demo_assistant

        return demo_assistant.main(words[1:])
    if verb not in ("status", "stop"):
        cut_off = _after_update(words)
        if cut_off:
            return cut_off
    from aiops_desktop import app

    asks = not {"-h", "--help", "--json"}.isdisjoint(words)
    if verb in ("--project", "--self-test") or verb.startswith(("--project=", "aiops://")):
        return _window(app.layout_from_environment(), words)
    if verb in ("start", "restart") and not asks:
        return _start(app.layout_from_environment(), words[1:], again=verb == "restart")
    if verb == "demo":
        try:
            from aiops_desktop.ui import demo
        except ImportError as error:
            return _no_window(error)
        return int(demo.main(words[1:], build=app.build) or 0)
    if words in (["status"], ["status", "--json"]):
        return _status(app.layout_from_environment(), as_json=len(words) > 1)
    if words == ["stop"]:
        return _stop(app.layout_from_environment())
    from aiops_desktop import cli

    return cli.main(words, app.layout_from_environment, app.build)


def _window(layout: Layout, words: list[str]) -> int:
    if "--self-test" in words and not _display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if not _display():
        print("The window cannot open here: there is no display.", file=sys.stderr)
        print(
            "The shell commands work without one (see --help), and “aiops-desktop demo” goes "
            "through the whole story and keeps pictures of it.",
            file=sys.stderr,
        )
        return 5
    # Passes of Python's collector would take a tenth of the start; the window does them itself,
    # in moments when nobody waits (see `ui.collector`).
    gc.disable()
    from aiops_desktop.app import build  # handed in: the window may not import the builder

    try:
        from aiops_desktop.ui import application
    except ImportError as error:
        return _no_window(error)
    code = int(application.main(layout, words, build=build) or 0)
    if code == application.AGAIN:
        from aiops_desktop.adapters import process

        process.become([*process.interpreter(), "start", *words])
    return code


def _after_update(words: list[str]) -> int:
    """Put back what an update that was cut off left behind, before anything of it is imported.

    An exit code when that is not possible or another process updates just now; else 0.
    """
    from pathlib import Path

    root = Path(__file__).parent.parent
    if not ((root / ".git/aiops-update/journal.json").is_file() or (root / ".git").is_file()):
        return 0
    from aiops_desktop.adapters import process
    from aiops_desktop.domain.trouble import Refused, Trouble
    from aiops_desktop.services.update_rollback import recover

    try:
        found = recover(root, lambda text: print(text, file=sys.stderr))
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 3 if isinstance(trouble, Refused) else 1
    if found:  # the files are those of another version now
        process.become([*process.interpreter(), *words])
    return 0


def _display() -> bool:
    """Whether a window has somewhere to be; without, Qt ends the process on Linux."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _start(layout: Layout, words: list[str], *, again: bool) -> int:
    """Open the window; `again` closes the one that runs first."""
    if again and _stop(layout):
        return 1
    if "--background" not in words:
        return _window(layout, words)
    if not _display():
        return _window(layout, words)  # says what works without one
    from aiops_desktop.domain.trouble import Trouble
    from aiops_desktop.services.instance import start_in_background

    rest = [word for word in words if word != "--background"]
    try:
        print(start_in_background(layout, rest, os.environ).sentence)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


def _status(layout: Layout, *, as_json: bool) -> int:
    """Say whether the window runs; 0 when it does, 1 when not, as service managers want it."""
    from aiops_desktop.services.instance import Answer, WindowLock

    state = WindowLock(layout).state()
    running = state.answer is Answer.RUNNING
    if as_json:
        import json

        told = {"running": running, "pid": state.pid, "stale": state.answer is Answer.STALE}
        print(json.dumps(told))
    else:
        print(state.sentence)
    return 0 if running else 1


def _stop(layout: Layout) -> int:
    from aiops_desktop.domain.trouble import Trouble
    from aiops_desktop.services.instance import WindowLock

    try:
        print(WindowLock(layout).stop())
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


def _no_window(error: ImportError) -> int:
    print(f"The window cannot open here: {error}.", file=sys.stderr)
    hint = "Run “make sync”; it names what is missing."
    if getattr(sys, "frozen", False):
        hint = "On Debian and Ubuntu: sudo apt-get install -y " + " ".join(_QT_NEEDS)
    print(hint, file=sys.stderr)
    print("The shell commands work without it: see --help.", file=sys.stderr)
    return 5


if __name__ == "__main__":
    raise SystemExit(main())
