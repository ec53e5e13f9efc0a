"""The ten colours of a scheme, and everything mixed from them in one place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication


@dataclass(frozen=True, slots=True)
class Scheme:
    """A colour scheme: the tokens of UI.md."""

    name: str
    window: str
    surface: str
    border: str
    text: str
    muted: str
    accent: str
    on_accent: str
    success: str
    warning: str
    danger: str
    selection: str

    @property
    def dark(self) -> bool:
        """Whether the ground is dark."""
        return self.name == "dark"

    def tone(self, name: str) -> str:
        """A colour by its token's name."""
        return str(getattr(self, name))


LIGHT = Scheme(
    "light",
    "#F4F5F7",
    "#FFFFFF",
    "#D5DAE1",
    "#1B222C",
    "#566273",
    "#2459C9",
    "#FFFFFF",
    "#17734A",
    "#8A5A00",
    "#B8283F",
    "#DCE7FB",
)
DARK = Scheme(
    "dark",
    "#14171C",
    "#1B1F26",
    "#343C48",
    "#E4E8EE",
    "#9DA8B7",
    "#7DABFF",
    "#14171C",
    "#55C892",
    "#E2B14A",
    "#FF8593",
    "#203750",
)

#: Pixel sizes of the three type sizes, and of code.
BODY, SMALL, TITLE, CODE = 13, 11, 16, 12


@lru_cache(maxsize=512)
def mix(a: str, b: str, part: float) -> str:
    """`part` (0 to 1) of colour b in colour a, as #rrggbb."""
    x, y = QColor(a), QColor(b)
    pairs = ((x.red(), y.red()), (x.green(), y.green()), (x.blue(), y.blue()))
    return QColor(*(round(p + (q - p) * part) for p, q in pairs)).name()


def contrast(a: str, b: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""

    def light(colour: str) -> float:
        parts = [
            v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4
            for v in (QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF())
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(a), light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=512)
def legible(colour: str, ground: str, towards: str) -> str:
    """A colour moved towards another, no further than 4.5:1 against its ground needs."""
    made = colour
    for _ in range(20):
        if contrast(made, ground) >= 4.5:
            break
        made = mix(made, towards, 0.1)
    return made


@lru_cache(maxsize=1)
def interface_family() -> str:
    """Inter where it is installed, else the system's font."""
    families = set(QFontDatabase.families())
    return "Inter" if "Inter" in families else QFont().defaultFamily()


@lru_cache(maxsize=1)
def mono_family() -> str:
    """The first monospace font of UI.md's list that is installed."""
    families = set(QFontDatabase.families())
    for name in ("JetBrains Mono", "Hack", "DejaVu Sans Mono", "Menlo", "Consolas"):
        if name in families:
            return name
    return QFontInfo(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)).family()


@lru_cache(maxsize=32)
def ui_font(size: int = BODY, semibold: bool = False) -> QFont:
    """The interface font with tabular numbers, in pixels."""
    font = QFont(interface_family())
    font.setPixelSize(size)
    font.setFeature(QFont.Tag("tnum"), 1)
    if semibold:
        font.setWeight(QFont.Weight.DemiBold)
    return font


@lru_cache(maxsize=32)
def mono_font(size: int = CODE) -> QFont:
    """The monospace font without ligatures, in pixels."""
    font = QFont(mono_family())
    font.setPixelSize(size)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFeature(QFont.Tag("calt"), 0)
    return font


class Theme(QObject):
    """The scheme in force: follows the desktop, or what the person chose."""

    changed = Signal()

    def __init__(self, app: QApplication, choice: str = "system") -> None:
        """Dress `app`; `choice` is "system", "light" or "dark"."""
        super().__init__(app)
        self._app = app
        self._choice = choice
        self.scheme = LIGHT
        app.setStyle("Fusion")
        app.setFont(ui_font())
        app.styleHints().colorSchemeChanged.connect(lambda _scheme: self._apply())
        self._apply()

    @property
    def choice(self) -> str:
        """What the person chose."""
        return self._choice

    def choose(self, choice: str) -> None:
        """Switch live."""
        self._choice = choice
        self._apply()

    def _apply(self) -> None:
        system_dark = self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        dark = self._choice == "dark" or (self._choice == "system" and system_dark)
        self.scheme = DARK if dark else LIGHT
        self._app.setPalette(palette(self.scheme))
        self._app.setStyleSheet(style_sheet(self.scheme))
        self.changed.emit()


def palette(s: Scheme) -> QPalette:
    """The scheme as Qt's palette."""
    made = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, s.window),
        (role.WindowText, s.text),
        (role.Base, s.surface),
        (role.AlternateBase, mix(s.surface, s.window, 0.6)),
        (role.Text, s.text),
        (role.Button, s.surface),
        (role.ButtonText, s.text),
        (role.Highlight, s.selection),
        (role.HighlightedText, s.text),
        (role.PlaceholderText, s.muted),
        (role.Link, s.accent),
        (role.ToolTipBase, s.surface),
        (role.ToolTipText, s.text),
        (role.Mid, s.border),
        (role.Accent, s.accent),
    ):
        made.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(s.muted))
    return made


def style_sheet(s: Scheme) -> str:
    """The one style sheet. Widgets choose a look by the dynamic properties and names used here."""
    hover, pressed = mix(s.surface, s.text, 0.05), mix(s.surface, s.text, 0.10)
    mono = mono_family()
    return f"""
    * {{ font-family: "{interface_family()}"; font-size: {BODY}px; }}
    QToolTip {{ background: {s.surface}; color: {s.text}; border: 1px solid {s.border}; padding: 4px 6px; }}
    QMainWindow, QDialog {{ background: {s.surface}; }}
    QWidget#header, QWidget#statusline {{ background: {s.surface}; }}
    QWidget#header {{ border-bottom: 1px solid {s.border}; }}
    QWidget#statusline {{ border-top: 1px solid {s.border}; }}
    QWidget#sidebar {{ background: {s.window}; border-right: 1px solid {s.border}; }}
    QWidget#page, QWidget#surface, QWidget#bar {{ background: {s.surface}; }}
    QWidget#ground, QWidget#rail {{ background: {s.window}; }}
    QWidget#ask, QWidget#warn {{ background: {mix(s.surface, s.warning, 0.10)}; }}
    QWidget#fail {{ background: {mix(s.surface, s.danger, 0.10)}; }}
    QWidget#ask {{ border-top: 1px solid {mix(s.border, s.warning, 0.45)}; }}
    QFrame#sunken {{ background: {s.window}; border: none; border-radius: 5px; }}
    QFrame#floating {{ background: {s.surface}; border: 1px solid {mix(s.border, s.muted, 0.25)}; border-radius: 8px; }}
    QFrame[line="h"] {{ background: {s.border}; max-height: 1px; min-height: 1px; border: none; }}
    QFrame[line="v"] {{ background: {s.border}; max-width: 1px; min-width: 1px; border: none; }}

    QLabel {{ background: transparent; }}
    QLabel[role="title"] {{ font-size: {TITLE}px; font-weight: 600; }}
    QLabel[role="strong"] {{ font-weight: 600; }}
    QLabel[role="muted"] {{ color: {s.muted}; }}
    QLabel[role="small"] {{ color: {s.muted}; font-size: {SMALL}px; }}
    QLabel[role="small-strong"] {{ font-size: {SMALL}px; font-weight: 600; }}
    QLabel[role="fine"] {{ font-size: {SMALL}px; }}
    QLabel[role="section"] {{ color: {s.muted}; font-size: {SMALL}px; font-weight: 600; }}
    QLabel[role="mono"] {{ font-family: "{mono}"; font-size: {CODE}px; }}
    QLabel[role="mono-muted"] {{ font-family: "{mono}"; font-size: {CODE}px; color: {s.muted}; }}
    QLabel[role="mono-small"] {{ font-family: "{mono}"; font-size: {SMALL}px; color: {s.muted}; }}
    QLabel[role="fingerprint"] {{ font-family: "{mono}"; font-size: 20px; }}
    QLabel[tone="text"] {{ color: {s.text}; }} QLabel[tone="muted"] {{ color: {s.muted}; }}
    QLabel[tone="accent"] {{ color: {s.accent}; }} QLabel[tone="success"] {{ color: {s.success}; }}
    QLabel[tone="warning"] {{ color: {s.warning}; }} QLabel[tone="danger"] {{ color: {s.danger}; }}

    QPushButton {{ background: {s.surface}; color: {s.text}; border: 1px solid {s.border}; border-radius: 5px;
        padding: 0 12px; min-height: 30px; max-height: 30px; }}
    QPushButton:hover {{ background: {hover}; }} QPushButton:pressed {{ background: {pressed}; }}
    QPushButton:focus {{ border: 2px solid {s.accent}; padding: 0 11px; min-height: 28px; max-height: 28px; }}
    QPushButton:disabled {{ color: {s.muted}; background: {s.window}; }}
    QPushButton[primary="true"] {{ background: {s.accent}; color: {s.on_accent}; border: 1px solid {s.accent}; font-weight: 600; }}
    QPushButton[primary="true"]:hover {{ background: {mix(s.accent, s.text, 0.12)}; }}
    QPushButton[primary="true"]:focus {{ border: 2px solid {mix(s.accent, s.text, 0.5)}; }}
    QPushButton[primary="true"]:disabled {{ background: {mix(s.window, s.border, 0.5)}; color: {s.muted}; border-color: {s.border}; }}
    QPushButton[danger="true"] {{ color: {s.danger}; border-color: {mix(s.border, s.danger, 0.5)}; }}
    QPushButton[danger="true"]:focus {{ border: 2px solid {s.accent}; }}
    QPushButton[danger="true"]:disabled {{ color: {s.muted}; border-color: {s.border}; }}
    QPushButton[quiet="true"] {{ border: 1px solid transparent; background: transparent; padding: 0 8px;
        min-height: 26px; max-height: 26px; }}
    QPushButton[quiet="true"]:hover {{ background: {hover}; }}
    QPushButton[quiet="true"]:focus {{ border: 2px solid {s.accent}; padding: 0 7px; min-height: 24px; max-height: 24px; }}
    QPushButton[quiet="true"]:disabled {{ background: transparent; }}
    QPushButton[on="true"] {{ background: {s.selection}; color: {s.text}; }}
    QPushButton[small="true"] {{ min-height: 22px; max-height: 22px; padding: 0 8px; font-size: {SMALL}px; border-radius: 4px; }}
    QPushButton[small="true"]:focus {{ min-height: 20px; max-height: 20px; padding: 0 7px; }}
    QPushButton[slim="true"] {{ min-height: 22px; max-height: 22px; padding: 0 5px; }}
    QPushButton[slim="true"]:focus {{ min-height: 20px; max-height: 20px; padding: 0 4px; }}
    QPushButton[link="true"] {{ border: none; background: transparent; color: {s.accent}; padding: 0;
        min-height: 20px; max-height: 20px; text-align: left; }}
    QPushButton[link="true"]:focus {{ text-decoration: underline; border: none; padding: 0; min-height: 20px; max-height: 20px; }}
    QPushButton[pill="true"] {{ border: 1px solid transparent; background: transparent; color: {s.muted};
        min-height: 22px; max-height: 22px; padding: 0 10px; }}
    QPushButton[pill="true"]:hover {{ background: {hover}; }}
    QPushButton[pill="true"][on="true"] {{ background: {mix(s.surface, s.text, 0.09)}; color: {s.text}; }}
    QPushButton[pill="true"]:focus {{ border: 2px solid {s.accent}; min-height: 20px; max-height: 20px; padding: 0 9px; }}
    QPushButton[search="true"] {{ text-align: left; color: {s.muted}; }}
    QPushButton[search="true"]:hover {{ background: {s.surface}; border-color: {mix(s.border, s.muted, 0.5)}; }}
    QPushButton::menu-indicator {{ width: 0; }}

    QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox, QDoubleSpinBox {{ background: {s.surface}; color: {s.text};
        border: 1px solid {s.border}; border-radius: 5px; padding: 0 8px;
        selection-background-color: {s.selection}; selection-color: {s.text}; }}
    QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox {{ min-height: 30px; max-height: 30px; }}
    QPlainTextEdit, QTextEdit {{ padding: 4px 6px; }}
    QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus {{ border: 2px solid {s.accent};
        padding-left: 7px; min-height: 28px; max-height: 28px; }}
    QPlainTextEdit:focus, QTextEdit:focus {{ border: 2px solid {s.accent}; padding: 3px 5px; }}
    QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"] {{ border-color: {s.danger}; }}
    QLineEdit[wrong="true"]:focus, QPlainTextEdit[wrong="true"]:focus {{ border-color: {s.accent}; }}
    QLineEdit, QPlainTextEdit, QTextEdit {{ placeholder-text-color: {s.muted}; }}
    QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled, QPlainTextEdit:disabled {{ background: {s.window}; color: {s.muted}; }}
    QLineEdit[locked="true"] {{ background: {s.window}; }}
    QLineEdit[locked="true"] {{ background: {s.window}; }}
    QLineEdit[mono="true"], QPlainTextEdit[mono="true"] {{ font-family: "{mono}"; font-size: {CODE}px; }}
    QLineEdit[bare="true"] {{ border: none; background: transparent; font-size: {TITLE}px; padding: 0; min-height: 44px; max-height: 44px; }}
    QComboBox::drop-down {{ border: none; width: 26px; }} QComboBox::down-arrow {{ image: none; }}
    QComboBox QAbstractItemView {{ background: {s.surface}; border: 1px solid {s.border}; padding: 4px; outline: 0; }}
    QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {{ width: 0; }}

    QAbstractScrollArea {{ background: {s.surface}; }}
    QAbstractScrollArea::corner {{ background: transparent; border: none; }}
    QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
    QTextBrowser {{ border: none; padding: 0; background: transparent; }}
    QTreeView, QListView, QTableView {{ background: transparent; border: none; outline: 0; }}
    QTreeView::item, QListView::item {{ border: none; }}
    QTreeView::item:hover, QListView::item:hover {{ background: {hover}; }}
    QTreeView::item:selected, QListView::item:selected {{ background: {s.selection}; color: {s.text}; }}
    QTreeView::branch {{ background: transparent; }}
    QHeaderView {{ background: {s.surface}; }}
    QHeaderView::section {{ background: {s.surface}; color: {s.muted}; font-size: {SMALL}px; font-weight: 600;
        border: none; border-bottom: 1px solid {s.border}; padding: 6px 8px; }}
    QHeaderView::section:first {{ padding-left: 16px; }}
    QTabBar {{ background: {s.surface}; }}
    QTabBar::tab {{ background: transparent; color: {s.muted}; padding: 0 14px; min-height: 34px; border: none;
        border-bottom: 2px solid transparent; }}
    QTabBar::tab:selected {{ color: {s.text}; border-bottom: 2px solid {s.accent}; }}
    QTabBar::tab:hover {{ color: {s.text}; }}
    QSplitter::handle {{ background: {s.border}; }}
    QSplitter::handle:horizontal {{ width: 1px; }} QSplitter::handle:vertical {{ height: 1px; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
    QScrollBar::handle {{ background: {mix(s.border, s.muted, 0.3)}; border-radius: 3px; min-height: 28px; min-width: 28px; margin: 2px; }}
    QScrollBar::handle:hover {{ background: {mix(s.border, s.muted, 0.7)}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: none; }}
    QCheckBox {{ spacing: 8px; }}
    QMenuBar {{ background: {s.surface}; }} QMenuBar::item {{ padding: 4px 10px; background: transparent; }}
    QMenuBar::item:selected {{ background: {s.selection}; border-radius: 4px; }}
    QMenu {{ background: {s.surface}; border: 1px solid {s.border}; padding: 4px; }}
    QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 4px; }}
    QMenu::item:selected {{ background: {s.selection}; }} QMenu::item:disabled {{ color: {s.muted}; }}
    QMenu::separator {{ height: 1px; background: {s.border}; margin: 4px 8px; }}
    QMenu::icon {{ padding-left: 8px; }}
    """  # noqa: E501 - a style sheet reads best with a rule a line
