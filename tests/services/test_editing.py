"""A file that a terminal names opens in the person's editor, or it is said why not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.trouble import Missing
from aiops_desktop.services.editing import Editing, editor_argv
from aiops_desktop.services.sessions import tenant_tmux
from tests.support.waiting import until
from tests.support.work import Work, work


@pytest.fixture
def place(layout: Layout) -> tuple[Work, Project]:
    bench = work(layout)
    return bench, bench.project(bench.tenant(), "web-shop", {"src/main.py": "one\ntwo\n"})


def editing(bench: Work, **environ: str) -> Editing:
    ground = bench.ground
    return Editing(ground.tenants, ground.projects, bench.chosen, bench.sessions, environ)  # type: ignore[arg-type]  # chosen settings


def writer(folder: Path) -> Path:
    """An editor that writes down what it was started with, and stays."""
    made = folder / "vim"
    made.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {folder}/told\nexec sleep 100\n')
    made.chmod(0o755)
    return made


def test_the_editor_runs_at_the_place_in_a_window_of_the_project(
    place: tuple[Work, Project], tmp_path: Path
) -> None:
    bench, project = place
    editor = writer(tmp_path)
    opening = editing(bench, EDITOR=f"{editor} -p").open(project.id, "src/main.py", 2, 3)
    assert opening.lasting
    assert opening.program == "vim"
    assert opening.window
    told = tmp_path / "told"
    until(lambda: told.exists() and told.read_text().count("\n") == 3)
    file = project.checkout / "src/main.py"
    assert told.read_text() == f"-p\n+call cursor(2,3)\n{file.resolve()}\n"
    windows = [w for s in bench.sessions.all(project.tenant_id) for w in s.windows]
    assert [(w.name, w.project_id) for w in windows] == [("main.py", project.id)]


def test_what_ssh_prints_is_no_file_of_this_computer(
    place: tuple[Work, Project], tmp_path: Path
) -> None:
    bench, project = place
    far = tmp_path / "ssh"
    shutil.copy("/bin/sleep", far)
    room = bench.room(bench.ground.tenants.get(project.tenant_id))
    server = tenant_tmux(room, bench.chosen.current().terminal)
    window = server.new_window("acme-shell", "far", [str(far), "300"], project.checkout)
    until(lambda: server.windows()[0].command == "ssh")
    with pytest.raises(Missing, match="on another computer"):
        editing(bench, EDITOR="cat").open(project.id, "src/main.py", near=window)


def test_without_tmux_it_runs_in_the_terminal_itself(
    place: tuple[Work, Project], tmp_path: Path
) -> None:
    bench, project = place
    bench.chosen.terminal(use_tmux=False)
    editor = writer(tmp_path)
    opening = editing(bench, VISUAL=str(editor), EDITOR="ed").open(project.id, "a/src/main.py", 1)
    assert not opening.lasting
    assert opening.argv[0] == str(editor)


@pytest.mark.parametrize(
    ("environ", "path", "said"),
    [
        ({}, "src/main.py", "neither VISUAL nor EDITOR"),
        ({"EDITOR": "no-such-editor"}, "src/main.py", "was not found"),
        ({"EDITOR": "vi 'x"}, "src/main.py", "cannot be understood"),
        ({"EDITOR": "cat"}, "src/gone.py", "There is no file"),
        ({"EDITOR": "cat"}, "--version", "There is no file"),
    ],
)
def test_what_cannot_be_opened_is_said(
    place: tuple[Work, Project], environ: dict[str, str], path: str, said: str
) -> None:
    bench, project = place
    with pytest.raises(Missing, match=said) as caught:
        editing(bench, **environ).open(project.id, path, 1)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("editor", "args"),
    [
        ("vi", ["+7", "/x y"]),
        ("nvim", ["+call cursor(7,4)", "/x y"]),
        ("nano", ["+7,4", "/x y"]),
        ("emacs", ["+7:4", "/x y"]),
        ("hx", ["/x y:7:4"]),
        ("code", ["-g", "/x y:7:4"]),
        ("unknown", ["/x y"]),
    ],
)
def test_each_editor_is_told_the_place_its_own_way(editor: str, args: list[str]) -> None:
    assert editor_argv([f"/usr/bin/{editor}"], Path("/x y"), 7, 4)[1:] == tuple(args)
    assert editor_argv([editor], Path("/x"), 0, 0) == (editor, "/x")
