"""Words of forges, and what they mean."""

from __future__ import annotations

import pytest

from aiops_desktop.domain.issues import IssueState, state_of


@pytest.mark.parametrize(
    ("word", "labels", "state"),
    [
        ("opened", (), IssueState.OPEN),
        ("open", (), IssueState.OPEN),
        ("reopened", (), IssueState.OPEN),
        ("To Do", (), IssueState.OPEN),
        ("Offen", (), IssueState.OPEN),
        ("", (), IssueState.OPEN),
        ("Something new", (), IssueState.OPEN),
        ("closed", (), IssueState.CLOSED),
        ("not_planned", (), IssueState.CLOSED),
        ("Won't fix", (), IssueState.CLOSED),
        ("Erledigt", (), IssueState.CLOSED),
        ("In Progress", (), IssueState.ACTIVE),
        ("in_arbeit", (), IssueState.ACTIVE),
        ("opened", ("bug", "Doing"), IssueState.ACTIVE),
        ("opened", ("workflow::in dev",), IssueState.ACTIVE),
        ("opened", ("team::a::review",), IssueState.ACTIVE),
        ("opened", ("review", "test"), IssueState.OPEN),
        ("closed", ("Doing",), IssueState.CLOSED),
        ("opened", ("done",), IssueState.OPEN),
    ],
)
def test_words_mean_states(word: str, labels: tuple[str, ...], state: IssueState) -> None:
    assert state_of(word, labels) is state
