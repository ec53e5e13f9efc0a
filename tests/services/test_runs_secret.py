"""A secret that an assistant prints is not shown, remembered or told on."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiops_desktop.domain.events import EventFilter
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.runs import RunState
from tests.support.work import work

SECRET = "t0ken-of-this-test"
FAKE = f"""#!/bin/sh
cat >/dev/null
printf '%s\\n' '{{"type":"thread.started","thread_id":"t-1"}}'
item() {{ printf '{{"type":"item.completed","item":{{"id":"%s","type":"%s",%s}}}}\\n' "$@"; }}
item i1 agent_message '"text":"I found {SECRET}."'
item i2 command_execution '"command":"echo {SECRET}","aggregated_output":"{SECRET}","exit_code":0'
END
"""
WELL = '{"type":"turn.completed","usage":{"input_tokens":7,"output_tokens":3}}'
BADLY = f'{{"type":"turn.failed","error":{{"message":"{SECRET} was refused"}}}}'


@pytest.mark.parametrize(("end", "state"), [(WELL, RunState.EMPTY), (BADLY, RunState.FAILED)])
def test_what_an_assistant_prints_holds_no_secret(
    layout: Layout, tmp_path: Path, end: str, state: RunState
) -> None:
    program = tmp_path / "fake-codex"
    program.write_text(FAKE.replace("END", f"printf '%s\\n' '{end}'"))
    program.chmod(0o755)
    bench = work(layout)
    bench.chosen.assistants(codex_command=str(program))
    bench.ground.secrets.learn(SECRET)
    run, events = bench.finished(bench.run(bench.project(bench.tenant()), "Look for it"))
    assert run.state is state, run.error
    assert run.last == "I found ••••••."
    assert "echo ••••••" in [event.text for event in events]
    kept = bench.runs.get(run.id)
    told = f"{run} {kept} {events} {bench.ground.history.export(EventFilter(), 'json')}"
    assert SECRET not in told
    for name in ("aiops.db", "aiops.db-wal"):
        assert SECRET.encode() not in (layout.data / name).read_bytes()
