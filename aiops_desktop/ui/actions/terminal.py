"""What a person can do with terminals."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from aiops_desktop.ui.actions.action import Action, needs_checkout, needs_project
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.ui.desk import Desk
    from aiops_desktop.ui.views.terminal.deck import Deck
    from aiops_desktop.ui.views.terminal.pane import Pane

Reason = Callable[["Desk"], str]
Verb = Callable[["Desk"], object]


def front(desk: Desk) -> Deck | None:
    """The tabs one works with."""
    return desk.terminals.front if desk.terminals else None


def pane_of(desk: Desk) -> Pane | None:
    """The terminal one works with."""
    deck = front(desk)
    return deck.pane if deck else None


# Why not ----------------------------------------------------------------------------------------


def _terminal(desk: Desk) -> str:
    """A terminal is in front."""
    if pane_of(desk):
        return ""
    return needs_project(desk) or tr("Show a terminal first.")


def _open(desk: Desk) -> str:
    """A terminal is in front, and something runs in it."""
    reason = _terminal(desk)
    pane = pane_of(desk)
    if reason or (pane and pane.terminal.running):
        return reason
    return tr("Nothing runs in this terminal.")


def _lasting(desk: Desk) -> str:
    reason = _terminal(desk)
    pane = pane_of(desk)
    if reason or (pane and pane.opening and pane.opening.attach_command):
        return reason
    return tr("This terminal is not kept by tmux, so nothing else can attach to it.")


def _project(desk: Desk) -> str:
    reason = _terminal(desk)
    pane = pane_of(desk)
    if reason or (pane and pane.leaf.project in desk.projects):
        return reason
    return tr("This terminal belongs to no project.")


def _several_panes(desk: Desk) -> str:
    reason = _terminal(desk)
    deck = front(desk)
    if reason or (deck and deck.shown and len(deck.shown.splits.panes) > 1):
        return reason
    return tr("There is only one terminal in this tab.")


def _several_tabs(desk: Desk) -> str:
    reason = _terminal(desk)
    deck = front(desk)
    return reason or ("" if deck and len(deck.tabs) > 1 else tr("There is only one tab."))


def _selected(desk: Desk) -> str:
    reason = _terminal(desk)
    pane = pane_of(desk)
    if reason or (pane and pane.view.selection is not None):
        return reason
    return tr("Nothing is selected in this terminal.")


def _broadcasting(desk: Desk) -> str:
    on = desk.terminals is not None and desk.terminals.broadcast.on
    return "" if on else tr("Nothing is being broadcast.")


# Verbs ------------------------------------------------------------------------------------------


def _new(tool: str) -> Verb:
    """In the window of terminals in front, else on the page."""

    def run(desk: Desk) -> None:
        deck = front(desk)
        if deck is not None and deck is not (desk.terminals and desk.terminals.page_deck):
            deck.newWanted.emit(tool)
        else:
            desk.go("terminal", ("tool", tool))

    return run


def _do(name: str, *arguments: object) -> Verb:
    """A verb of `views/terminal/verbs.py`, which is loaded with the first terminal."""

    def run(desk: Desk) -> None:
        from aiops_desktop.ui.views.terminal import verbs

        getattr(verbs, name)(desk, *arguments)

    return run


def _broadcast_title(desk: Desk) -> str:
    pane = pane_of(desk)
    member = desk.terminals is not None and pane in desk.terminals.broadcast.panes
    return tr("Take terminal out of the broadcast") if member else tr("Add terminal to a broadcast")


def _detach_title(desk: Desk) -> str:
    deck = front(desk)
    inside = deck is None or (desk.terminals is not None and deck is desk.terminals.page_deck)
    return tr("Move tab to its own window") if inside else tr("Bring tabs back to the main window")


def _watch_title(kind: str, on: str, off: str) -> Callable[[Desk], str]:
    def title(desk: Desk) -> str:
        pane = pane_of(desk)
        return off if pane and kind in pane.watches else on

    return title


def _of(
    name: str,
    title: str | Callable[[Desk], str],
    run: Verb,
    icon: str,
    unavailable: Reason = _terminal,
    shortcut: str = "",
    words: str = "",
    verb: str = "",
) -> Action:
    return Action(
        f"terminal.{name}",
        title,
        run,
        "Terminal",
        icon,
        unavailable,
        shortcut,
        words=words,
        verb=verb and f"sessions.{verb}",
    )


def _focus(way: str, title: str, key: str) -> Action:
    return _of(
        f"focus_{way}",
        title,
        _do("focus", way),
        f"arrow-{way}",
        _several_panes,
        f"Ctrl+Shift+{key}",
        "pane go next",
    )


ACTIONS: tuple[Action, ...] = (
    _of("new", tr("New terminal"), _new(""), "terminal-window", needs_checkout, "Ctrl+Shift+T",
        "shell console tab", verb="open"),
    _of("shell", tr("New terminal with a shell"), _new("shell"), "terminal", needs_checkout,
        words="bash zsh console", verb="open"),
    _of("codex", tr("New terminal with Codex"), _new("codex"), "robot", needs_checkout,
        words="assistant ai", verb="open"),
    _of("aider", tr("New terminal with Aider"), _new("aider"), "robot", needs_checkout,
        words="assistant ai", verb="open"),
    _of("split_right", tr("Split to the right"), _do("split", False), "columns", _project,
        "Ctrl+Shift+E", "pane beside", verb="open"),
    _of("split_down", tr("Split below"), _do("split", True), "rows", _project, "Ctrl+Shift+O",
        "pane under", verb="open"),
    _focus("left", tr("Go to the terminal on the left"), "H"),
    _focus("right", tr("Go to the terminal on the right"), "L"),
    _focus("up", tr("Go to the terminal above"), "K"),
    _focus("down", tr("Go to the terminal below"), "J"),
    _of("next_tab", tr("Next terminal tab"), _do("step", 1), "caret-right", _several_tabs,
        "Ctrl+Shift+PgDown"),
    _of("previous_tab", tr("Previous terminal tab"), _do("step", -1), "caret-left", _several_tabs,
        "Ctrl+Shift+PgUp"),
    _of("equalise", tr("Make terminals equally large"), _do("equalise"), "equals", _several_panes,
        "Ctrl+Shift+G", "panes sizes"),
    _of("zoom", tr("Show one terminal alone, or all again"), _do("zoom"), "corners-out",
        _several_panes, "Ctrl+Shift+Z", "pane maximise zoom"),
    _of("broadcast", _broadcast_title, _do("broadcast"), "broadcast", _open, "Ctrl+Shift+B",
        "input type several panes"),
    _of("broadcast_tab", tr("Broadcast to all terminals of the tab"), _do("broadcast_tab"),
        "broadcast", _several_panes, words="input type panes"),
    _of("broadcast_stop", tr("Stop broadcasting"), _do("broadcast_stop"), "prohibit",
        _broadcasting),
    _of("detach", _detach_title, _do("detach"), "arrow-square-out", _terminal, "Ctrl+Shift+D",
        "float detach attach"),
    _of("rename", tr("Rename tab"), _do("rename"), "pencil-simple", _terminal, "Ctrl+Shift+R",
        verb="rename"),
    _of("watch_activity",
        _watch_title("activity", tr("Mark the tab when something is written"),
                     tr("Mark the tab no more when something is written")),
        _do("watch", "activity"), "eye", _terminal, words="monitor activity"),
    _of("watch_silence",
        _watch_title("silence", tr("Mark the tab when it falls silent"),
                     tr("Mark the tab no more when it falls silent")),
        _do("watch", "silence"), "moon", _terminal, words="monitor silence"),
    _of("copy", tr("Copy selection"), _do("copy"), "copy", _selected, "Ctrl+Shift+C"),
    _of("copy_html", tr("Copy selection as HTML"), _do("copy_html"), "code", _selected,
        words="rich colours"),
    _of("paste", tr("Paste into the terminal"), _do("paste"), "clipboard-text", _open,
        "Ctrl+Shift+V"),
    _of("select_all", tr("Select all in the terminal"), _do("select_all"), "selection-all",
        _terminal, "Ctrl+Shift+A"),
    _of("search", tr("Search in the terminal"), _do("search"), "magnifying-glass", _terminal,
        "Ctrl+Shift+F", "find history"),
    _of("scrollback", tr("Show the terminal's history"), _do("scrollback"),
        "clock-counter-clockwise", _lasting, "Ctrl+Shift+S", "scroll back"),
    _of("clear", tr("Clear the terminal's screen"), _do("clear"), "eraser", _open),
    _of("save", tr("Save the terminal's history…"), _do("save"), "floppy-disk", _terminal,
        words="export text log"),
    _of("print", tr("Print the terminal's screen…"), _do("print_screen"), "printer", _terminal),
    _of("attach_command", tr("Copy attach command"), _do("attach_command"), "copy", _lasting,
        words="tmux attach"),
    _of("close", tr("Close terminal"), _do("close"), "x", _terminal, "Ctrl+Shift+W"),
    _of("close_tab", tr("Close terminal tab"), _do("close_tab"), "x-square", _terminal),
)  # fmt: skip
