"""The palettes one can choose: the two built-in ones, and Konsole's `.colorscheme` files."""

from __future__ import annotations

from configparser import ConfigParser
from configparser import Error as Malformed
from pathlib import Path

from PySide6.QtGui import QColor

from aiops_desktop.ui.terminal.colours import DARK, LIGHT, TerminalColours
from aiops_desktop.ui.theme import contrast, mix

#: Bytes of the largest file that is taken for a palette; real ones have about 2 KB.
_LARGEST = 64 * 1024
_SUFFIX = ".colorscheme"


class Shelf:
    """Palettes by name: the built-in ones first, then what the added folders hold."""

    def __init__(self) -> None:
        self._folders: list[Path] = []
        self._read: dict[Path, tuple[int, TerminalColours]] = {}

    def add_folder(self, folder: Path) -> None:
        """Look into this folder too; of two files with one name the last folder's counts."""
        if folder not in self._folders:
            self._folders.append(folder)

    def available(self) -> list[str]:
        """The names of all palettes; a file is called by its name without the suffix."""
        return ["light", "dark", *sorted(set(self._files()) - {"light", "dark"})]

    def scheme(self, name: str) -> TerminalColours:
        """A palette by its name, or by the path of its file.

        Raises:
            KeyError: there is none of that name, or its file cannot be read as one.
        """
        if name in ("light", "dark"):
            return LIGHT if name == "light" else DARK
        path = Path(name) if name.endswith(_SUFFIX) else self._files().get(name)
        if path is None:
            raise KeyError(name)
        try:
            changed = path.stat().st_mtime_ns
            known = self._read.get(path)
            if known is None or known[0] != changed:
                known = self._read[path] = (changed, read(path))
        except (OSError, ValueError, Malformed) as reason:
            raise KeyError(name) from reason
        return known[1]

    def _files(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for folder in self._folders:
            try:
                found |= {path.stem: path for path in folder.glob("*" + _SUFFIX)}
            except OSError:
                continue
        return found


def read(path: Path) -> TerminalColours:
    """A palette from Konsole's format: an INI file with a section for each colour.

    Sections are Background, Foreground, Color0 to Color7 and the same with "Intense" for the
    bright ones; each holds `Color=red,green,blue` or `Color=#rrggbb`. A missing bright colour is
    its plain one, any other missing colour that of the built-in palette nearest in brightness.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is too large, or not a palette.
        configparser.Error: it is not an INI file.
    """
    if path.stat().st_size > _LARGEST:
        raise ValueError(f"{path.name} is too large for a palette")
    parser = ConfigParser(interpolation=None, strict=False, allow_no_value=True)
    parser.read_string(path.read_text("utf-8-sig", "replace"))
    ground, text = (_colour(parser, name) for name in ("Background", "Foreground"))
    if not ground and not text:
        raise ValueError(f"{path.name} names neither background nor foreground")
    like = DARK if contrast(ground or DARK.ground, "#ffffff") > 4.5 else LIGHT
    ground, text = ground or like.ground, text or like.text
    plain = [_colour(parser, f"Color{at}") for at in range(8)]
    bright = [_colour(parser, f"Color{at}Intense") or plain[at] for at in range(8)]
    ansi = [one or usual for one, usual in zip(plain + bright, like.ansi, strict=True)]
    return TerminalColours(
        ansi=tuple(ansi),
        ground=ground,
        text=text,
        cursor=_colour(parser, "Cursor") or text,
        selection=mix(ground, ansi[4], 0.3),
        match=mix(ground, ansi[3], 0.35),
        current_match=ansi[3],
    )


def _colour(parser: ConfigParser, section: str) -> str:
    """One colour as #rrggbb, "" when it is not given or nonsense."""
    said = (parser.get(section, "Color", fallback="") or "").strip()
    parts = said.split(",")
    if len(parts) >= 3:
        try:
            numbers = [int(part) for part in parts[:3]]
        except ValueError:
            return ""
        made = QColor(*numbers) if all(0 <= part < 256 for part in numbers) else QColor()
    else:
        made = QColor.fromString(said) if said.startswith("#") else QColor()
    return made.name() if made.isValid() else ""


_shelf = Shelf()
#: The program's one shelf, as QTermWidget has it: a folder added once counts for all terminals.
add_folder, available, scheme = _shelf.add_folder, _shelf.available, _shelf.scheme
