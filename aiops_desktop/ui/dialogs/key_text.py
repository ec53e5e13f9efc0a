"""How keys are shown: their type, and long text that breaks anywhere and is copied whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QLabel

from aiops_desktop.ui.parts.kit import Kit
from aiops_desktop.ui.parts.layout import STRETCH, hbox, label, vbox
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.domain.identities import Identity
    from aiops_desktop.domain.keys import Key

#: A zero-width space lets a line break without adding anything one can see.
_BREAK = "\u200b"


def long_text(kit: Kit, name: str, text: str, tip: str = "") -> QFrame:
    """A sunken frame with the text and Copy in its corner; `name` is for screen readers."""
    shown = breaking(text)
    shown.setAccessibleName(f"{name}: {text}")
    frame = QFrame()
    frame.setObjectName("sunken")
    copy = kit.tool(
        "copy",
        tip or tr("Copy {what}", what=name),
        lambda: QGuiApplication.clipboard().setText(text),
        slim=True,
    )
    frame.setLayout(hbox((shown, 1), vbox(copy, STRETCH), margins=(12, 8, 8, 8)))
    return frame


def breaking(text: str, role: str = "mono", step: int = 4) -> QLabel:
    """Text without blanks that may break anywhere."""
    parts = [text[n : n + step] for n in range(0, len(text), step)]
    made = label(_BREAK.join(parts), role)
    made.setWordWrap(True)
    made.setAccessibleName(text)
    return made


def type_name(key: Key | Identity) -> str:
    """Such as "Ed25519" or "RSA 4096"; "" for a file that could not be read."""
    if key.type is None:
        return ""
    if key.type.value.startswith("ed25519"):
        return "Ed25519" + key.type.value.removeprefix("ed25519").upper()
    return f"{key.type.value.upper()} {key.bits}" if key.bits else key.type.value.upper()


def short_for_today(key: Key | Identity) -> bool:
    """RSA below 3072 bits (NIST SP 800-57 part 1, table 2: 112 bits of strength end with 2030)."""
    return key.type is not None and key.type.value == "rsa" and 0 < key.bits < 3072


def art(picture: str) -> QLabel:
    """Randomart as `ssh-keygen -lv` draws it; a screen reader is told only what it is."""
    shown = label(picture, "mono")
    shown.setAccessibleName(tr("Picture of the fingerprint (randomart)"))
    shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return shown
