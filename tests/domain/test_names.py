"""Names people type, and the slugs that become folders and sockets."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiops_desktop.domain.names import MAX_NAME, MAX_SLUG, checked_name, free_slug, slug
from aiops_desktop.domain.projects import checked_branch
from aiops_desktop.domain.trouble import Refused


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "\t", "x" * (MAX_NAME + 1), "a\nb", "a\0b", "../x", "..", ".", "a/b", "a\\b"],
)
def test_bad_names_are_refused_at_their_field(typed: str) -> None:
    with pytest.raises(Refused) as caught:
        checked_name(typed, "tenant")
    assert caught.value.field == "name"
    assert caught.value.what.endswith(".")


@pytest.mark.parametrize("typed", ["Ünïcode", "日本", "🚀 rocket", "-leading dash", "x" * MAX_NAME])
def test_names_in_any_script_are_fine(typed: str) -> None:
    assert checked_name(f"  {typed} ", "tenant") == typed


@given(st.text(max_size=200))
def test_every_slug_is_fit_for_a_folder_a_socket_and_a_session(name: str) -> None:
    made = slug(name)
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*", made)
    assert len(made) <= MAX_SLUG
    assert not made.endswith("-")


def test_names_without_letters_keep_apart() -> None:
    assert slug("🚀") != slug("🛸")
    assert slug("日本") == slug("日本")


@given(st.lists(st.sampled_from(["Acme", "acme", "A-C-M-E", "x" * 90]), max_size=12))
def test_a_free_slug_is_never_taken(names: list[str]) -> None:
    taken: set[str] = set()
    for name in names:
        made = free_slug(name, taken)
        assert made not in taken
        assert len(made) <= MAX_SLUG
        taken.add(made)


@pytest.mark.parametrize("name", ["main", "feature/one", "v1.2", "ä", "a-b_c", "@a"])
def test_branches_git_takes(name: str) -> None:
    assert checked_branch(f" {name} ", "branch") == name


@pytest.mark.parametrize(
    "name",
    ["-x", "/x", "x/", "x.lock", "a..b", "a b", "a~b", "a^b", "a:b", "a?b", "a*b", "a[b", "a\\b",
     "@{x", "x@{y", "@", "a//b", ".a", "a/.b", "a.", ""],
)  # fmt: skip
def test_branches_git_does_not_take(name: str) -> None:
    with pytest.raises(Refused) as caught:
        checked_branch(name, "branch")
    assert caught.value.field == "branch"
