"""What the packages are made of; `make package` builds and tries the real ones, in minutes."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ROOT / "packaging"
DESKTOP = PARTS / "desktop" / "aiops-desktop.desktop"


def _run(*words: str | Path, home: Path, **more: str) -> str:
    done = subprocess.run(
        [str(word) for word in words],
        env={**os.environ, "HOME": str(home), **more},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A folder as PyInstaller leaves it, with a program that only says its words."""
    made = tmp_path / "built" / "aiops-desktop"
    (made / "_internal").mkdir(parents=True)
    (made / "aiops-desktop").write_text('#!/bin/sh\necho "$@"\n')
    (made / "aiops-desktop").chmod(0o755)
    (made / "_internal" / "library.so").write_bytes(b"library")
    share = made / "share"
    for name, text in {
        "applications/aiops-desktop.desktop": DESKTOP.read_text(),
        "man/man1/aiops-desktop.1.gz": "page",
        "icons/hicolor/scalable/apps/aiops-desktop.svg": "<svg/>",
        "metainfo/org.aiops.desktop.metainfo.xml": "<component/>",
        "doc/aiops-desktop/LICENSE": "MIT",
    }.items():
        (share / name).parent.mkdir(parents=True, exist_ok=True)
        (share / name).write_text(text)
    return made


def _tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_the_desktop_entry_opens_the_window_and_takes_its_links() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(DESKTOP)
    told = entry["Desktop Entry"]
    assert told["Exec"] == "aiops-desktop start %u"
    assert told["MimeType"] == "x-scheme-handler/aiops;"
    # The window says this name (QGuiApplication.setDesktopFileName), so that panels find its icon.
    assert told["StartupWMClass"] == told["Icon"] == DESKTOP.stem
    assert (PARTS / "desktop" / f"{told['Icon']}.svg").is_file()


def test_the_store_data_belongs_to_the_desktop_entry() -> None:
    told = ElementTree.parse(PARTS / "desktop" / "org.aiops.desktop.metainfo.xml").getroot()
    assert told.findtext("launchable") == DESKTOP.name
    assert f"{told.findtext('id')}.metainfo.xml" == "org.aiops.desktop.metainfo.xml"
    assert told.findtext("project_license") == "MIT"


def test_a_deb_brings_everything_and_names_what_it_needs(app: Path, tmp_path: Path) -> None:
    if not shutil.which("dpkg-deb"):
        pytest.skip("no dpkg-deb on this computer")
    out = tmp_path / "out"
    out.mkdir()
    _run(PARTS / "deb/build.sh", app, out, "1.2.3", home=tmp_path, SOURCE_DATE_EPOCH="1700000000")
    deb = next(out.glob("aiops-desktop_1.2.3_*.deb"))
    needs = _run("dpkg-deb", "-f", deb, "Depends", home=tmp_path)
    for name in ("tmux", "git", "openssh-client", "libegl1", "libxcb-cursor0", "fonts-dejavu-core"):
        assert re.search(rf"\b{name}\b", needs), name
    _run("dpkg-deb", "-x", deb, tmp_path / "root", home=tmp_path)
    root = tmp_path / "root"
    assert (root / "usr/bin/aiops-desktop").readlink() == Path("/opt/aiops-desktop/aiops-desktop")
    assert os.access(root / "opt/aiops-desktop/aiops-desktop", os.X_OK)
    terms = (root / "usr/share/doc/aiops-desktop/copyright").read_text()
    assert terms.startswith("MIT")
    assert "third-party.md" in terms
    assert (root / "usr/share/applications/aiops-desktop.desktop").is_file()
    control = tmp_path / "control"
    _run("dpkg-deb", "-e", deb, control, home=tmp_path)
    assert _tree(control) == ["control", "md5sums"], "nothing of it runs at install or removal"
    first = deb.read_bytes()
    _run(PARTS / "deb/build.sh", app, out, "1.2.3", home=tmp_path, SOURCE_DATE_EPOCH="1700000000")
    assert deb.read_bytes() == first, "the same folder makes the same package"


def test_a_home_is_left_as_it_was_by_install_upgrade_and_removal(app: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / ".local/share/aiops-desktop").mkdir(parents=True)
    (home / ".local/share/aiops-desktop/aiops.db").write_text("data")
    (home / ".local/share/icons/hicolor").mkdir(parents=True)
    (home / ".local/share/icons/hicolor/index.theme").write_text("mine")
    before = _tree(home)
    for name in ("install.sh", "uninstall.sh"):
        shutil.copy2(PARTS / "tarball" / name, app / name)
    _run("sh", app / "install.sh", home=home)
    place = home / ".local/opt/aiops-desktop"
    assert _run(home / ".local/bin/aiops-desktop", "status", home=home) == "status\n"
    entry = (home / ".local/share/applications/aiops-desktop.desktop").read_text()
    assert f'Exec="{place}/aiops-desktop" start %u' in entry
    (app / "_internal" / "library.so").unlink()
    (app / "_internal" / "newer.so").write_bytes(b"newer")
    _run("sh", app / "install.sh", home=home)
    assert _tree(place / "_internal") == ["newer.so"], "nothing of the older version is left"
    _run("sh", place / "uninstall.sh", home=home)
    assert _tree(home) == before


def test_a_home_with_a_blank_in_its_name_will_do(app: Path, tmp_path: Path) -> None:
    shutil.copy2(PARTS / "tarball" / "install.sh", app / "install.sh")
    home = tmp_path / "my home"
    home.mkdir()
    _run("sh", app / "install.sh", home=home)
    assert _run(home / ".local/bin/aiops-desktop", "status", home=home) == "status\n"


def test_a_packaged_program_plays_the_demo_assistant_itself(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Site\n")
    done = subprocess.run(
        [sys.executable, "-m", "aiops_desktop", "demo-assistant", str(tmp_path)],
        input="Say hello",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert '"thread.started"' in done.stdout
    assert "turn.completed" in done.stdout


def test_every_script_can_be_read_by_its_shell() -> None:
    for script in [*PARTS.rglob("*.sh"), *(ROOT / "scripts").glob("*.sh")]:
        shell = script.read_text().splitlines()[0].rpartition("/")[2].rpartition(" ")[2]
        subprocess.run([shell, "-n", str(script)], check=True)
