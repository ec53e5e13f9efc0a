"""What assistants print becomes events, whatever they print."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiops_desktop.adapters.assistants import Story, readable, tell
from aiops_desktop.adapters.assistants.aider import Aider, AiderReader
from aiops_desktop.adapters.assistants.codex import Codex, CodexReader
from aiops_desktop.adapters.assistants.custom import TextReader
from aiops_desktop.adapters.assistants.explain import explain
from aiops_desktop.adapters.supervisor import Exit, Line
from aiops_desktop.domain.runs import EventKind, RunEvent, Usage


def _codex(*objects: object) -> list[RunEvent]:
    reader = CodexReader(Path("/srv/tree"))
    found = reader.read(Line(0, "sup", "begin"))
    for at, told in enumerate(objects):
        found += reader.read(Line(at, "out", json.dumps(told)))
    return found


def _item(kind: str, phase: str = "completed", **fields: object) -> dict[str, object]:
    return {"type": f"item.{phase}", "item": {"id": "item_1", "type": kind, **fields}}


def test_a_command_is_one_step_with_a_beginning_and_an_end() -> None:
    shell = "/bin/bash -lc 'ls -l'"
    begun, done = _codex(
        _item("command_execution", "started", command=shell, status="in_progress"),
        _item("command_execution", command=shell, aggregated_output="a\n", exit_code=0),
    )
    assert begun.key == done.key == "1.item_1"
    assert (begun.text, begun.exit_code, begun.seconds) == ("ls -l", None, None)
    assert (done.text, done.output, done.exit_code, done.seconds) == ("ls -l", "a\n", 0, 1)


def test_changed_paths_are_told_from_the_worktree() -> None:
    changes = [{"path": "/srv/tree/a/b.yml", "kind": "update"}, {"path": "/etc/x"}, 5]
    (event,) = _codex(_item("file_change", changes=changes, status="completed"))
    assert event.kind is EventKind.CHANGE
    assert event.paths == ("a/b.yml", "/etc/x")


def test_every_kind_of_step_has_its_event() -> None:
    told = _codex(
        {"type": "thread.started", "thread_id": "t"},
        {"type": "turn.started"},
        _item("reasoning", text="hm"),
        _item("agent_message", text="hi"),
        _item("error", message="careful"),
        _item("todo_list", items=[{"text": "one", "completed": True}, {"text": "two"}]),
        _item("mcp_tool_call", server="files", tool="read"),
        _item("web_search", query="nginx"),
        {"type": "error", "message": "Reconnecting... 1/5"},
        {"type": "turn.failed", "error": {"message": "boom"}},
    )
    assert [(event.kind, event.text) for event in told] == [
        (EventKind.THREAD, ""),
        (EventKind.THOUGHT, "hm"),
        (EventKind.MESSAGE, "hi"),
        (EventKind.WARNING, "careful"),
        (EventKind.PLAN, "[x] one\n[ ] two"),
        (EventKind.TOOL, "files read"),
        (EventKind.TOOL, "nginx"),
        (EventKind.WARNING, "Reconnecting... 1/5"),
        (EventKind.END, "boom"),
    ]


def test_tokens_are_counted_over_a_thread_and_added_over_threads() -> None:
    def used(number: int) -> dict[str, object]:
        return {"type": "turn.completed", "usage": {"input_tokens": number, "output_tokens": 1}}

    told = _codex(
        {"type": "thread.started", "thread_id": "a"},
        used(300),
        {"type": "thread.started", "thread_id": "a"},
        used(500),
        {"type": "thread.started", "thread_id": "b"},
        used(100),
    )
    assert [event.usage for event in told if event.usage] == [
        Usage(300, 0, 1),
        Usage(500, 0, 1),
        Usage(600, 0, 2),
    ]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
_KINDS = st.sampled_from(
    ["command_execution", "file_change", "todo_list", "agent_message", "reasoning", "error", "new"]
)


@given(
    phase=st.sampled_from(["item.started", "item.completed", "turn.completed", "turn.failed", "x"]),
    kind=_KINDS,
    fields=st.dictionaries(
        st.sampled_from(["id", "text", "command", "changes", "items", "exit_code", "usage"]), _JSON
    ),
    rest=st.dictionaries(st.sampled_from(["usage", "error", "message", "thread_id"]), _JSON),
)
def test_no_json_line_is_a_crash(
    phase: str, kind: str, fields: dict[str, object], rest: dict[str, object]
) -> None:
    line = json.dumps({"type": phase, "item": {"type": kind, **fields}, **rest})
    reader = CodexReader()
    for event in reader.read(Line(1, "out", line)):
        assert isinstance(event.text, str)


@given(st.text())
def test_no_text_line_is_a_crash(text: str) -> None:
    for reader in (CodexReader(), AiderReader(), TextReader()):
        for stream in ("out", "err", "sup", "?"):
            reader.read(Line(0, stream, text))
    for name in ("codex", "aider", "demo", "plain", "?"):
        assert isinstance(readable(name)(text, "out", 0.0), list)


def test_deep_json_is_no_crash() -> None:
    deep = '{"type": ' + "[" * 200_000
    assert CodexReader().read(Line(0, "out", deep))[0].kind is EventKind.OUTPUT


AIDER = """Aider v0.86.2
Main model: openai/x with diff edit format
Added hello.txt to the chat.

I fix the typo.

hello.txt
```
<<<<<<< SEARCH
helo
```
=======
hello
>>>>>>> REPLACE
```
All done.

Tokens: 1.9k sent, 97 received. Cost: $0.0021 message, $0.0021 session.
Applied edit to hello.txt
"""


def test_aiders_reply_grows_under_one_key_without_its_edits() -> None:
    reader = AiderReader()
    told = [event for line in AIDER.splitlines() for event in reader.read(Line(0, "out", line))]
    messages = [event for event in told if event.kind is EventKind.MESSAGE]
    assert len({event.key for event in messages}) == 1
    assert messages[-1].text == "I fix the typo.\nAll done."
    (usage,) = (event.usage for event in told if event.usage)
    assert usage == Usage(1900, 0, 97, 0.0021)
    assert told[-1].paths == ("hello.txt",)


def test_aider_is_judged_by_its_log_alone(tmp_path: Path) -> None:
    log = tmp_path / "aider-1.jsonl"
    aider, story, ended = Aider("aider"), Story(attempt=1), Exit(0)
    assert not aider.judge(story, ended, tmp_path).ok
    log.write_text('{"event": "message_send_starting", "properties": {}}\n')
    assert not aider.judge(story, ended, tmp_path).ok
    sent = {"event": "message_send", "properties": {"prompt_tokens": 5, "cost": 0.5}}
    log.write_text(f"{log.read_text()}nonsense\n[]\n{json.dumps(sent)}\n")
    verdict = aider.judge(story, ended, tmp_path)
    assert verdict.ok
    assert verdict.usage == Usage(5, 0, 0, 0.5)
    assert not aider.judge(story, Exit(None, signal=9), tmp_path).ok


def test_a_story_forgets_how_the_last_attempt_ended() -> None:
    story, reader = Story(), CodexReader()
    for stream, text in (
        ("sup", "begin"),
        ("err", "hm"),
        ("out", '{"type": "turn.failed", "error": {"message": "boom"}}'),
        ("sup", "begin"),
    ):
        line = Line(0, stream, text)
        tell(story, line, reader.read(line))
    assert (story.attempt, story.ended, story.failure, story.tail) == (2, None, "", [])
    assert not Codex("codex").judge(story, Exit(1), Path()).ok


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("unexpected status 401 Unauthorized", "refused the sign-in of Codex. Do this."),
        ('429: {"error": {"message": "slow down"}}', "slow down (429)"),
        ("stream disconnected before completion", "broke off"),
        ("exceeded, last status: 503 Service Unavailable", "error of its own"),
        ("error sending request for url", "cannot be reached"),
        ("context_length_exceeded", "too long for the model"),
        ("something else", "Codex gave up. It said: something else"),
        ("", "did not say why"),
    ],
)
def test_failures_are_told_in_sentences(message: str, words: str) -> None:
    told = explain("Codex", message, "Do this.")
    assert words in told
    assert len(told) < 500


def test_a_terminal_shows_what_happens() -> None:
    show = readable("codex")
    lines = []
    for told in (
        _item("agent_message", text="hi\nthere"),
        _item("command_execution", "started", command="bash -lc ls"),
        _item("command_execution", command="ls", aggregated_output="a\nb\n", exit_code=2),
        {"type": "turn.completed", "usage": {"input_tokens": 3}},
    ):
        lines += show(json.dumps(told), "out", 0.0)
    assert lines == [
        "hi",
        "there",
        "$ ls",
        "  a",
        "  b",
        "  exit code 2",
        "tokens: 3 in, 0 out",
        "done",
    ]


def test_plain_output_is_one_event_for_many_lines_and_loses_none() -> None:
    lines = [Line(n, "out", f"line {n}") for n in range(1201)]
    lines[600] = Line(600, "err", "oh")
    lines.insert(0, Line(0, "sup", "begin"))
    story, reader = Story(), TextReader()
    events: list[RunEvent] = []
    for line, found in reader.read_all(lines):
        tell(story, line, found)
        events += found
    assert "\n".join(event.text for event in events).split("\n") == [
        line.text for line in lines if line.stream != "sup"
    ]
    assert [event.at for event in events] == [0, 500, 600, 601, 1101]
    assert (story.attempt, story.tail) == (1, ["oh"])
