"""How an installed package gets newer: the files, and the commands to type."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aiops_desktop.domain.updates import Standing
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.layout import MARGIN, STRETCH, clear, hbox, label, vbox, words
from aiops_desktop.ui.text import tr


class Packaged(QWidget):
    """Stands where a checkout has its steps; a package cannot change itself."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._body: QVBoxLayout = vbox(gap=8)
        self.setLayout(
            vbox(
                label(tr("How to update"), "section"),
                self._body,
                STRETCH,
                margins=(MARGIN, 12, MARGIN, 12),
            )
        )

    def show_standing(self, found: Standing) -> None:
        """Show the ways there are."""
        clear(self._body)
        release, kit = found.release, self._desk.kit
        if release is None:
            self._body.addWidget(words(_why(found), "muted"))
            return
        self._body.addWidget(
            words(
                tr(
                    "Download the package, close the window, and install it. Your data stays where "
                    "it is; the database is upgraded at the next start, after a copy was made."
                )
            )
        )
        links = [kit.link(name or url, partial(_open, url)) for name, url in release.files[:6]]
        if release.page:
            links.insert(0, kit.link(tr("Its page"), partial(_open, release.page)))
        for link in links:
            self._body.addLayout(hbox(link, STRETCH))
        if found.install:
            _text, frame = kit.command("\n".join(found.install), tr("Copy the commands"))
            self._body.addWidget(frame)


def _open(url: str) -> None:
    QDesktopServices.openUrl(QUrl(url))


def _why(found: Standing) -> str:
    if not found.address:
        return tr(
            "Nobody has said where newer releases are listed. Enter the address in the settings "
            "(Updates, Releases)."
        )
    return tr("Look for an update; what to do then stands here.")
