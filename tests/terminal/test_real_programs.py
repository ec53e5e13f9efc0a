"""Real programs show on our screen, cell by cell, what they show on tmux's."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from aiops_desktop.domain.tenants import TenantRoom
from tests.support.assistants import make_repository, need_codex, point_codex
from tests.support.model import Json, Script, ScriptedModel
from tests.support.recorded import Pane, need

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed.")
Start = Callable[..., Pane]
_CODE = "".join(
    f"def function_{n}(a: int) -> str:\n    return 'wört {n}'  # 漢字\n" for n in range(60)
)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    made: list[Pane] = []

    def go(*argv: str, **how: object) -> Pane:
        made.append(Pane(tmp_path, list(argv), **how))  # type: ignore[arg-type]
        return made[-1]

    yield go
    for pane in made:
        pane.close()


def finishing(*argv: str) -> tuple[str, ...]:
    """A program that says when it has ended, and waits."""
    return ("sh", "-c", f"{shlex.join(argv)}; printf finished; read -r _")


def test_vim_with_windows_colours_and_a_menu(start: Start, tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text(_CODE)
    setup = [
        "-c",
        "syntax on",
        "-c",
        "set number hlsearch termguicolors",
        "-c",
        "colorscheme desert",
    ]
    pane = start(need("vim"), "-u", "NONE", "-N", "-n", "-i", "NONE", *setup, "code.py")
    pane.shows("function_0")
    pane.same()
    pane.keys("20j", "/return", "Enter")
    pane.shows("/return")
    pane.same()
    pane.types(":vsplit")
    pane.keys("Enter")
    pane.types(":split")
    pane.keys("Enter", "C-f", "C-f", "C-e", "C-y", "C-b")
    pane.same()
    pane.types("ggOnew text")
    pane.keys("Escape")
    pane.types("3dd5x:set list cursorline cursorcolumn")
    pane.keys("Enter")
    pane.same()
    pane.types(":qa!")
    pane.keys("Enter")
    pane.ended()


def test_less_with_colours_and_a_search(start: Start, tmp_path: Path) -> None:
    lines = (
        f"\x1b[3{n % 8};1mline {n}\x1b[0m \x1b[4mof\x1b[24m some 漢字 text\n" for n in range(200)
    )
    (tmp_path / "log").write_text("".join(lines))
    pane = start(need("less"), "-R", "log")
    pane.shows("line 10")
    pane.same()
    pane.keys("Space", "j", "j", "k")
    pane.same()
    pane.types("/line 15")
    pane.keys("Enter")
    pane.shows("line 150")
    pane.same()
    pane.keys("G", "b", "d", "u")
    pane.same()


def test_htop(start: Start, tmp_path: Path) -> None:
    pane = start(need("htop"), "-d", "40")
    pane.shows("F10", "PID")
    pane.same()
    pane.keys("F5")
    pane.same()
    pane.keys("F2")
    pane.shows("Setup")
    pane.same()


def test_mc_with_panels_a_viewer_and_a_menu(start: Start, tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("words of a file\n" * 50)
    (tmp_path / "folder").mkdir()
    pane = start(need("mc"), "--nosubshell", term="xterm-256color")
    pane.shows("readme.txt", "10Quit")
    pane.same()
    pane.keys("F9", "Down", "Down")
    pane.shows("Listing")
    pane.same()
    pane.keys("Escape", "Escape", "End", "F3")
    pane.shows("words of a file")
    pane.same()


def test_nano(start: Start, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("first\nsecond 漢字\n")
    pane = start(need("nano"), "--ignorercfiles", "--linenumbers", "note.txt")
    pane.shows("second")
    pane.same()
    pane.types("inserted text ")
    pane.keys("C-k", "C-u", "C-u", "Down", "End")
    pane.types(" and a line that is much longer than the window is wide, so that it scrolls " * 2)
    pane.same()
    pane.keys("C-w")
    pane.shows("Search")
    pane.same()


def test_fish_with_suggestions_and_completions(start: Start, tmp_path: Path) -> None:
    for name in ("alpha", "alphabet", "alps", "beta"):
        (tmp_path / name).mkdir()
    pane = start(need("fish"), "--no-config")
    pane.shows("@")
    pane.types("echo hello")
    pane.keys("Enter")
    pane.shows("\nhello")
    pane.same()
    pane.types("cd al")
    pane.keys("Tab", "Tab")
    pane.shows("alphabet/")
    pane.same()
    pane.keys("Tab", "Tab")
    pane.same()


def test_zsh_with_a_menu_of_completions(start: Start, tmp_path: Path) -> None:
    for name in ("alpha", "alphabet", "alps", "beta"):
        (tmp_path / name).write_text("x")
    (tmp_path / "pane-home").mkdir()
    (tmp_path / "pane-home" / ".zshrc").write_text(
        "PROMPT='%F{green}%n%f %B%1~%b %# '\nRPROMPT='%F{242}right%f'\n"
        "zstyle ':completion:*' menu select\nzstyle ':completion:*' list-colors 'di=34'\n"
        "autoload -Uz compinit && compinit -u -D\n"
    )
    pane = start(
        need("zsh"), "-i", "-o", "no_global_rcs", more={"ZDOTDIR": str(tmp_path / "pane-home")}
    )
    pane.shows("right")
    pane.types("cat al")
    pane.keys("Tab", "Tab")
    pane.shows("alphabet")
    pane.same()
    pane.keys("Right", "Enter", "Enter")
    pane.same()
    pane.types("ls -l --color=always | cat; print -P '%S%U漢字%u%s'")
    pane.keys("Enter")
    pane.same()


def test_git_log_as_a_coloured_graph(start: Start, tmp_path: Path) -> None:
    git = [need("git"), "-C", str(tmp_path), "-c", "user.name=T", "-c", "user.email=t@example.org"]
    commit = "commit -q --allow-empty -m"
    steps: tuple[str, ...] = (
        "init -q -b main",
        f"{commit} one",
        "switch -q -c side",
        f"{commit} sidé",
    )
    steps += ("switch -q main", f"{commit} 二", "merge -q side -m merged", "tag v1")
    for number, words in enumerate((*steps, f"{commit} last")):
        date = f"2026-01-01T00:00:{number:02}Z"
        env = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date, "HOME": str(tmp_path)}
        subprocess.run([*git, *words.split(" ")], check=True, env=env, capture_output=True)
    log = ["log", "--graph", "--color", "--all", "--stat", "--decorate"]
    pane = start(*finishing(*git[:1], "--no-pager", *log))
    pane.shows("finished")
    pane.same()


def test_a_chart_of_all_colours(start: Start, tmp_path: Path) -> None:
    rows = [
        "".join(f"\x1b[48;5;{n}m {n:3}" for n in range(at, at + 16)) for at in range(0, 256, 16)
    ]
    rows += ["".join(f"\x1b[38;2;{255 - 2 * n};{n};{2 * n}m█" for n in range(90))]
    rows += ["".join(f"\x1b[{n}mword\x1b[0m " for n in (1, 2, 3, 4, 5, 7, 8, 9, 53, "4:3", "4:5"))]
    rows += [
        "".join(f"\x1b[{n}m{n}\x1b[{n + 10}m{n}\x1b[m" for n in (*range(30, 38), *range(90, 98)))
    ]
    (tmp_path / "chart").write_text("\x1b[m\n".join(rows) + "\x1b[m\n")
    pane = start(*finishing("cat", "chart"))
    pane.shows("finished")
    pane.same()


_WIDE: tuple[str, ...] = (
    "漢字仮名交じり文",
    "한국어 터미널",
    "中文字符测试",
    "\u1112\u1161\u11ab글",
    "ｆｕｌｌ ｱﾞ",
    "e\u0301a\u0308n\u0303",
)
_WIDE += (
    "🚀🔥✅",
    "👩\u200d🚀 👨\u200d👩\u200d👧",
    "คำไทย",
    "שלום",
    "مرحبا",
    "→←│┌█░",
    "π≈3",
    "कि नमस्ते",
)


def _edges(texts: tuple[str, ...], columns: int) -> str:
    """Each text at the beginning, the end, and across the edge of a line."""
    return "".join(f"{text}|{'.' * (columns - 6)}{text}|\n" for text in texts)


def test_text_of_many_scripts_at_every_edge(start: Start, tmp_path: Path) -> None:
    (tmp_path / "text").write_text(_edges(_WIDE, 60) + "🇩🇪🇫🇷|\n")
    # tmux before 3.5 cuts a flag in two at an edge; here that is not asked for.
    pane = start(*finishing("cat", "text"), columns=60, rows=60)
    pane.shows("finished")
    pane.same()


def test_emoji_as_tmux_before_3_4_counts_them(start: Start, tmp_path: Path) -> None:
    # tmux 3.4 and later make the cells of these wide, which is what we do while mode 2027 is set.
    version = subprocess.run(["tmux", "-V"], capture_output=True, text=True, check=True).stdout
    if not version.startswith(("tmux 3.0", "tmux 3.1", "tmux 3.2", "tmux 3.3")):
        pytest.skip(f"{version.strip()} counts them as we do by default.")
    emoji = ("❤\ufe0f", "1\ufe0f\u20e3", "👍🏽", "🏳\ufe0f\u200d🌈", "©\ufe0f", "⌚\ufe0e")
    (tmp_path / "text").write_text(_edges(emoji, 60))
    pane = start(*finishing("cat", "text"), columns=60, first=b"\x1b[?2027l")
    pane.shows("finished")
    pane.same()


_DIALOG = """import curses

def main(screen):
    curses.start_color()
    curses.use_default_colors()
    for n in range(1, 8):
        curses.init_pair(n, n, -1)
    screen.scrollok(True)
    screen.box()
    screen.addstr(2, 2, "title", curses.A_BOLD | curses.color_pair(2))
    for n in range(40):
        screen.addstr(3 + n % 20, 4 + n, "漢字é─ "[n % 5], curses.color_pair(n % 8))
    panel = curses.newwin(8, 30, 8, 20)
    panel.bkgd(" ", curses.color_pair(4) | curses.A_REVERSE)
    panel.border()
    panel.addstr(1, 1, "inside")
    screen.refresh()
    panel.refresh()
    screen.getch()
    screen.scroll(3)
    screen.insertln()
    screen.deleteln()
    screen.refresh()
    panel.touchwin()
    panel.refresh()
    screen.getch()

curses.wrapper(main)
"""


@pytest.mark.parametrize("term", ["tmux-256color", "xterm-256color"])
def test_a_dialog_of_ncurses(start: Start, tmp_path: Path, term: str) -> None:
    (tmp_path / "dialog.py").write_text(_DIALOG)
    pane = start(need("python3"), "dialog.py", term=term)
    pane.shows("inside")
    pane.same()
    pane.keys("x")
    pane.same()


def test_codex_at_work(start: Start, tmp_path: Path) -> None:
    codex = need_codex()
    room = cast(TenantRoom, SimpleNamespace(assistants=tmp_path / "assistants"))
    checkout = make_repository(tmp_path / "work")
    steps: list[Json] = [
        {"think": "Look first", "say": "Reading **hello.txt**.", "shell": "cat hello.txt"},
        {"edit": {"path": "hello.txt", "old": "helo", "new": "hello"}},
        {"say": "Fixed it:\n\n- `helo` is now `hello` ✅\n- 漢字 and é stay\n\n```py\nx = 1\n```"},
    ]
    with ScriptedModel(Script({"fix the typo": steps})) as model:
        point_codex(room, model.base_url)
        pane = start(
            *(str(codex), "--cd", str(checkout), "--dangerously-bypass-approvals-and-sandbox"),
            "--no-daemon",
            more={"CODEX_HOME": str(room.assistants / "codex")},
        )
        pane.shows("Trust this folder?")
        pane.same()
        pane.keys("Enter")
        pane.shows("OpenAI Codex")
        pane.same()
        pane.types("fix the typo")
        pane.same()
        pane.keys("Enter")
        pane.shows("Fixed it")
        pane.same()
        pane.types("/")
        pane.shows("/model")
        pane.same()
