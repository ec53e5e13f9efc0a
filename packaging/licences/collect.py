"""Collects the licences of everything that a package brings along, with their texts.

collect.py REQUIREMENTS.lock APP FOLDER

Run by the Python with which the package is built. FOLDER gets third-party.md and licences/; the
end is 1 when something comes along whose licence has no text.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).parent
_GNU = (HERE / "LGPL-3.0.txt", HERE / "GPL-3.0.txt")  # the one refers to the other
#: Wheels that come without the text of their licence.
WITHOUT_TEXT = {"pyside6-essentials": _GNU, "shiboken6": _GNU}
#: What is in the program beside the lock: its loader.
LOADER = "pyinstaller"
_TEXT = re.compile(r"licen[cs]e|copying|notice", re.IGNORECASE)
_NOTICE = """# What this package brings along

aiops desktop itself is under the MIT licence. The packages below come with it, unmodified; their
texts are in `licences/`.

Qt, PySide6 and Shiboken are used under the LGPL 3. They are shared libraries in `_internal`, each
a file of its own, and may be replaced there by other builds of the same version. paramiko and pyte
are under the LGPL, too; the source of this program and the recipe of the package (`make package`)
let you build it with other versions of them. Their sources are where the table says, in the version
it names; what Qt itself contains is listed at <https://doc.qt.io/qt-6/licenses-used-in-qt.html>.

| package | version | licence | source |
|---|---|---|---|
"""


def locked(lock: str) -> list[str]:
    """The names in a lock file, in its order."""
    return re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)


def licence(about: metadata.PackageMetadata) -> str:
    """What a package says of its own licence, in a few words."""
    for name in ("License-Expression", "License"):
        told = str(about[name] or "").strip() if name in about else ""
        if told and "\n" not in told and len(told) < 80:
            return told
    classes = [one for one in about.get_all("Classifier") or [] if one.startswith("License ::")]
    return classes[0].rpartition(" :: ")[2] if classes else "see its text"


def source(about: metadata.PackageMetadata) -> str:
    """Where a package's source is."""
    links = dict(part.split(", ", 1) for part in about.get_all("Project-URL") or [] if ", " in part)
    for name in ("Source", "Source Code", "source", "Repository", "Homepage", "homepage"):
        if name in links:
            return str(links[name])
    return str(about["Home-page"] or f"https://pypi.org/project/{about['Name']}/")


def texts(found: metadata.Distribution) -> list[Path]:
    """The files of a package in which its licence stands."""
    own = [
        Path(str(found.locate_file(file)))
        for file in found.files or ()
        if ".dist-info" in str(file.parent) and _TEXT.search(file.name)
    ]
    name = str(found.metadata["Name"]).lower().replace("_", "-")
    return own or list(WITHOUT_TEXT.get(name, ()))


def python_text() -> Path | None:
    """The licence of Python, which differs from maker to maker in where it lies."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    places = (
        Path(sysconfig.get_path("stdlib")) / "LICENSE.txt",
        Path(sys.base_prefix) / "LICENSE.txt",
        Path("/usr/share/doc") / version / "copyright",
    )
    return next((place for place in places if place.is_file()), None)


def system_libraries(app: Path) -> dict[str, Path]:
    """Packages of a Debian builder whose libraries came along, and their copyright files."""
    asks = shutil.which("dpkg-query")
    if asks is None:
        return {}
    found: dict[str, Path] = {}
    for library in sorted((app / "_internal").glob("lib*.so*")):
        if library.is_symlink() or library.name.startswith("libpython"):
            continue
        done = subprocess.run(
            [asks, "-S", f"*/{library.name}"], capture_output=True, text=True, check=False
        )
        owner = done.stdout.partition(":")[0]
        text = Path("/usr/share/doc") / owner / "copyright"
        if owner and text.is_file():
            found[owner] = text
    return found


def main(lock: Path, app: Path, folder: Path) -> int:
    """Write the list and the texts."""
    rows, lost = [], []
    for name in [*locked(lock.read_text()), LOADER]:
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # for another system or Python
        files = texts(found)
        if not files:
            lost.append(name)
        for file in files:
            _copy(file, folder / "licences" / name / file.name)
        about = found.metadata
        rows.append((name, found.version, licence(about), source(about)))
    python = python_text()
    if python is None:
        lost.append("Python")
    else:
        _copy(python, folder / "licences" / "python" / "LICENSE")
        rows.append(("Python", sys.version.split()[0], "PSF-2.0", "https://www.python.org/"))
    for name, text in system_libraries(app).items():
        _copy(text, folder / "licences" / name / "copyright")
        rows.append((name, "of the builder's system", "see its text", "Debian"))
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    (folder / "third-party.md").write_text(_NOTICE + table, encoding="utf-8")
    for name in lost:
        print(f"The licence of {name} has no text.", file=sys.stderr)
    return 1 if lost else 0


def _copy(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)


if __name__ == "__main__":
    raise SystemExit(main(*(Path(word) for word in sys.argv[1:4])))
