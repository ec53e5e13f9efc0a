"""What the kills share: a program that starts fast, and a GitLab with issues in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.fake_gitlab import FakeGitLab
from tests.support.kills import Warm


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    with Warm(tmp_path_factory.mktemp("warm")) as made:
        yield made


@pytest.fixture
def gitlab() -> Iterator[FakeGitLab]:
    with FakeGitLab() as made:
        made.largest = 25
        there = made.add_project("acme/shop")
        for number in range(1, 101):
            issue = made.add_issue(there, f"Voucher {number}", body=f"It is slow. {number} " * 20)
            if number % 20 == 0:
                made.comment(issue, "Two seconds it is.")
        yield made
