"""What actions do with the terminal in front."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.terminal.splits import Way

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiops_desktop.ui.desk import Desk
    from aiops_desktop.ui.views.terminal.deck import Deck
    from aiops_desktop.ui.views.terminal.pane import Pane
    from aiops_desktop.ui.views.terminal.terminals import Terminals


def _front(desk: Desk) -> Iterator[tuple[Terminals, Deck, Pane]]:
    """The terminals, the deck and the pane in front; nothing when there is none."""
    terminals = desk.terminals
    deck = terminals.front if terminals else None
    pane = deck.pane if deck else None
    if terminals and deck and pane:
        yield terminals, deck, pane


def split(desk: Desk, upright: bool) -> None:
    """Put a new terminal beside the current one, or below it."""
    for terminals, deck, pane in _front(desk):
        made = terminals.split(pane, upright=upright)
        if made is not None:
            terminals.attach_seen(deck)
            made.setFocus()


def focus(desk: Desk, way: str) -> None:
    """Go to the terminal that lies this way; the first or last one when there is none."""
    for _terminals, deck, pane in _front(desk):
        splits = deck.shown.splits if deck.shown else None
        if splits is None:
            return
        panes = splits.panes
        found = splits.neighbour(pane, Way(way))
        if found is None:
            step = -1 if way in ("left", "up") else 1
            found = panes[(panes.index(pane) + step) % len(panes)]
        splits.choose(found)


def step(desk: Desk, by: int) -> None:
    """The next tab, or the one before."""
    for _terminals, deck, _pane in _front(desk):
        deck.step(by)


def equalise(desk: Desk) -> None:
    """Give all terminals of the tab the same room."""
    for _terminals, deck, _pane in _front(desk):
        if deck.shown:
            deck.shown.splits.equalise()


def zoom(desk: Desk) -> None:
    """Show the terminal alone, or all of the tab again."""
    for _terminals, deck, pane in _front(desk):
        deck.zoom(pane)


def broadcast(desk: Desk) -> None:
    """Take the terminal into the group that shares input, or out of it.

    The first one brings the other terminals of its tab along, since one alone shares nothing.
    """
    for terminals, deck, pane in _front(desk):
        group = terminals.broadcast
        if pane in group.panes:
            group.leave(pane)
        elif not group.may_join(pane):
            tenant = desk.tenants.get(group.tenant)
            desk.toast(
                "broadcast",
                tr("Broadcasting stays within one tenant"),
                tr("Stop the one in {tenant} first.", tenant=tenant.name if tenant else ""),
                "terminal.broadcast_stop",
            )
        elif group.panes:
            group.join(pane)
        elif deck.shown:
            others = [one for one in deck.shown.splits.panes if one.terminal.running]
            group.join(*others)
            if not group.on:
                desk.toast(
                    "broadcast",
                    tr("{name} waits for a second terminal", name=pane.name),
                    tr("Go to another terminal and add it to the broadcast, too."),
                )


def broadcast_tab(desk: Desk) -> None:
    """Have all terminals of the tab share input."""
    for terminals, deck, pane in _front(desk):
        terminals.broadcast.stop()
        if deck.shown:
            terminals.broadcast.join(pane, *deck.shown.splits.panes)


def broadcast_stop(desk: Desk) -> None:
    """Every terminal keeps its input for itself."""
    if desk.terminals:
        desk.terminals.broadcast.stop()


def detach(desk: Desk) -> None:
    """Give the tab a window of its own; in such a window, bring its tabs back."""
    for terminals, deck, pane in _front(desk):
        window = terminals.windows.of(deck)
        tab = deck.tab_of(pane)
        if window is not None:
            terminals.windows.bring_home(window)
        elif tab is not None:
            terminals.windows.detach(tab)


def rename(desk: Desk) -> None:
    """Type another name into the tab."""
    for _terminals, deck, _pane in _front(desk):
        if deck.shown:
            deck.strip.rename(deck.tabs.index(deck.shown))


def watch(desk: Desk, kind: str) -> None:
    """Mark the tab from now on when something is written, or when it falls silent; or no more."""
    for _terminals, _deck, pane in _front(desk):
        pane.watch(kind, on=kind not in pane.watches)
        said = {
            ("activity", True): tr("The tab is marked when something is written"),
            ("activity", False): tr("The tab is not marked any more when something is written"),
            ("silence", True): tr("The tab is marked when it falls silent"),
            ("silence", False): tr("The tab is not marked any more when it falls silent"),
        }
        desk.toast("eye", said[kind, kind in pane.watches], pane.name)


def copy(desk: Desk) -> None:
    """Copy what is selected, as text."""
    for _terminals, _deck, pane in _front(desk):
        pane.view.copyClipboard()


def copy_html(desk: Desk) -> None:
    """Copy what is selected, with its colours."""
    for _terminals, _deck, pane in _front(desk):
        pane.view.copy_html()


def paste(desk: Desk) -> None:
    """Paste the clipboard."""
    for _terminals, _deck, pane in _front(desk):
        pane.leave_history()
        pane.terminal.setFocus()
        pane.terminal.pasteClipboard()


def select_all(desk: Desk) -> None:
    """Select the screen and the history shown."""
    for _terminals, _deck, pane in _front(desk):
        pane.view.select_all()
        pane.view.setFocus()


def search(desk: Desk) -> None:
    """Open the search; under tmux it looks through tmux's history."""
    for _terminals, _deck, pane in _front(desk):
        pane.search()


def scrollback(desk: Desk) -> None:
    """Look at the history that tmux keeps."""
    for _terminals, _deck, pane in _front(desk):
        pane.show_history()


def clear(desk: Desk) -> None:
    """Have the program clear its screen, as Ctrl+L does."""
    for _terminals, _deck, pane in _front(desk):
        pane.terminal.send(b"\x0c")
        pane.setFocus()


def save(desk: Desk) -> None:
    """Ask where to, then write history and screen as text."""
    from aiops_desktop.ui.views.terminal.export import ask_save

    for _terminals, _deck, pane in _front(desk):
        ask_save(desk, pane)


def print_screen(desk: Desk) -> None:
    """Ask for a printer, then print what is shown."""
    from aiops_desktop.ui.views.terminal.export import ask_print

    for _terminals, _deck, pane in _front(desk):
        ask_print(pane)


def attach_command(desk: Desk) -> None:
    """Put the command that attaches from another terminal into the clipboard."""
    for _terminals, _deck, pane in _front(desk):
        command = pane.opening.attach_command if pane.opening else ""
        if command:
            QGuiApplication.clipboard().setText(command)
            desk.toast("copy", tr("Attach command copied"), command)


def close(desk: Desk) -> None:
    """Close the terminal; what runs in tmux goes on."""
    for terminals, _deck, pane in _front(desk):
        terminals.close(pane)


def close_tab(desk: Desk) -> None:
    """Close all terminals of the tab."""
    for terminals, deck, _pane in _front(desk):
        for pane in deck.shown.splits.panes if deck.shown else ():
            terminals.close(pane)
