"""Writes a terminal's history into a file, or prints what it shows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtWidgets import QDialog, QFileDialog

from aiops_desktop.domain.trouble import Failed
from aiops_desktop.terminal.emulator import Emulator
from aiops_desktop.ui.text import from_home, size, tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiops_desktop.jobs.job import Job
    from aiops_desktop.ui.desk import Desk
    from aiops_desktop.ui.views.terminal.pane import Pane

#: Lines of tmux's history that are written; more than our tmux.conf has it keep.
_ALL = 1_000_000


def ask_save(desk: Desk, pane: Pane) -> None:
    """Ask for a file, then write history and screen as text in a worker."""
    dialog = QFileDialog(pane, tr("Save the terminal's history"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(tr("Text (*.txt)"))
    dialog.setDefaultSuffix("txt")
    dialog.selectFile(f"{pane.name}.txt")
    dialog.fileSelected.connect(lambda name: save(desk, pane, Path(name)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def save(desk: Desk, pane: Pane, where: Path) -> None:
    """Write history and screen as text."""
    text = _text_of(desk, pane)

    def work(_job: Job) -> int:
        told = text()
        try:
            where.write_text(told, "utf-8")
        except OSError as error:
            raise Failed(
                f"{where} cannot be written: {error.strerror or error}.", "Choose another place."
            ) from error
        return len(told.encode())

    desk.start(
        tr("Save the history of {name}", name=pane.name),
        work,
        done=lambda written: desk.toast(
            "floppy-disk", tr("History saved"), f"{from_home(where)}, {size(written)}"
        ),
        project_id=pane.leaf.project or None,
    )


def _text_of(desk: Desk, pane: Pane) -> Callable[[], str]:
    """What to call in a worker for the text: tmux's history, or the widget's as it is now."""
    opening, leaf = pane.opening, pane.leaf
    if opening is not None and opening.lasting and desk.ready:
        house = desk.house

        def ask() -> str:
            found = house.sessions.scrollback(leaf.tenant, opening.window, lines=_ALL)
            emulator = Emulator(found.columns, found.rows, found.history + found.rows + 1)
            emulator.feed(found.data)
            lines = [*emulator.history_text(), *emulator.text_rows()]
            return "\n".join(lines).rstrip("\n") + "\n"

        return ask
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    pane.terminal.saveHistory(buffer)
    told = bytes(buffer.data().data()).decode("utf-8", "replace")
    return lambda: told


def ask_print(pane: Pane) -> None:
    """Ask for a printer, then print what is shown."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter()
    dialog = QPrintDialog(printer, pane)
    dialog.accepted.connect(lambda: pane.view.print_history(printer))
    dialog.finished.connect(dialog.deleteLater)
    QDialog.open(dialog)
