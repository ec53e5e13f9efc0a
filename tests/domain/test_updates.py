"""Versions of the program."""

from __future__ import annotations

from aiops_desktop.domain.updates import Version


def test_a_version_is_told_from_another_by_its_commit_only_where_the_numbers_are_equal() -> None:
    running = Version("0.1.0", "a" * 40)
    assert Version("0.2.0", "b" * 40).beside(running) == "0.2.0"
    assert Version("0.1.0", "b" * 40).beside(running) == "b" * 8
    assert Version("0.1.0").beside(running) == "0.1.0"
    assert running.beside(running) == "0.1.0"
