"""Versions of tmux: how they are written, and what each can do."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiops_desktop.adapters.tmux import Feature, Tmux, Version, own_config, parse, questions


@pytest.mark.parametrize(
    ("told", "number", "text"),
    [
        ("tmux 3.0a", (3, 0), "3.0a"),
        ("tmux 3.3a\n", (3, 3), "3.3a"),
        ("tmux next-3.8", (3, 8), "next-3.8"),
        ("tmux openbsd-7.4", (7, 4), "openbsd-7.4"),
        ("tmux master", (99, 0), "master"),
        ("3.10", (3, 10), "3.10"),
    ],
)
def test_a_version_is_read(told: str, number: tuple[int, int], text: str) -> None:
    assert parse(told) == Version(number, text)


def test_what_is_missing_is_said_in_sentences() -> None:
    assert parse("3.10").missing == ()
    assert [line for line in parse("3.3a").missing if "OSC 8" in line]
    assert len(parse("3.0a").missing) > len(parse("3.3a").missing)
    assert all(line.endswith(".") for line in parse("3.0a").missing)
    assert {feature for feature in Feature if parse("3.2").has(feature)} >= {
        Feature.CLIENT_FLAGS,
        Feature.FILTERS,
    }


def _fake(tmp_path: Path, version: str) -> Tmux:
    program = tmp_path / "tmux"
    program.write_text(f"#!/bin/sh\necho tmux {version}\n")
    program.chmod(0o755)
    return Tmux(str(program), "aiops-acme", own_config(), {})


def test_an_old_tmux_is_asked_for_nothing_it_does_not_know(tmp_path: Path) -> None:
    old = _fake(tmp_path, "3.0a")
    assert "-T" not in old.attach_argv("acme-shell", "@0", "acme-view-1")
    assert old.control_argv("acme-shell")[-4:] == ["attach-session", "-r", "-t", "=acme-shell"]
    assert not any("-f" in command for command in questions(old.version, "acme-view-"))


def test_a_new_tmux_is_told_what_the_terminal_can(tmp_path: Path) -> None:
    new = _fake(tmp_path, "3.5a")
    argv = new.attach_argv("acme-shell", "@0", "acme-view-1")
    assert "hyperlinks" in argv[argv.index("-T") + 1].split(",")
    assert "no-output,ignore-size,read-only" in new.control_argv("acme-shell")
    assert "-f" in questions(new.version, "acme-view-")[0]
