"""Font size and scrollback of the settings reach every terminal that is opened."""

from __future__ import annotations

import pytest

from aiops_desktop.domain.projects import Project
from tests.support.work import Work


@pytest.mark.parametrize("use_tmux", [True, False])
def test_a_terminal_opens_with_the_settings_of_now(
    bench: Work, project: Project, use_tmux: bool
) -> None:
    usual = bench.sessions.open(project.id)
    assert (usual.font_size, usual.history) == (13, 10_000)
    bench.chosen.terminal(font_size=20, history=77, use_tmux=use_tmux)
    opening = bench.sessions.open(project.id)
    assert opening.lasting is use_tmux
    assert (opening.font_size, opening.history) == (20, 77)
