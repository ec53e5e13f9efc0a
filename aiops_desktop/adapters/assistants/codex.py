"""Codex CLI: `codex exec --json` for runs; facts as observed with codex-cli 0.169.0."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from aiops_desktop.adapters import process
from aiops_desktop.adapters.assistants.base import (
    Cli,
    EventReader,
    Launch,
    Story,
    Task,
    Verdict,
    help_mentions,
    write_prompt,
)
from aiops_desktop.adapters.assistants.explain import explain
from aiops_desktop.adapters.supervisor import Exit, Line
from aiops_desktop.domain.runs import EventKind, RunEvent, Usage
from aiops_desktop.domain.trouble import Missing

_SIGN_IN = "Run “codex login” in a terminal of this tenant."
_SHELL = re.compile(r"^(?:\S*/)?(?:ba|z|da)?sh -l?c (.*)$", re.DOTALL)
#: Mount points of its sandbox (bubblewrap) that stay behind, empty.
_LEFT = (".agents", ".aws", ".codex")


class Codex(Cli):
    """The Codex of OpenAI. Its home (`CODEX_HOME`) is the tenant's own."""

    id = "codex"
    title = "Codex"
    hint = "Install it with “npm install -g @openai/codex”, or set its command in the settings."
    sandboxes: tuple[str, ...] = ("workspace-write", "read-only", "danger-full-access")
    resumable = True

    def version(self, path: str, env: Mapping[str, str]) -> str:
        """Its version, told by the native program."""
        return super().version(native(path), env)

    def advice(self, home: Path) -> str:
        """Sign in, unless the tenant's home shows a login or a provider of its own."""
        if (home / "auth.json").exists():
            return ""
        with contextlib.suppress(OSError):
            if "model_provider" in (home / "config.toml").read_text("utf-8", "replace"):
                return ""
        return f"Codex has no login for this tenant yet. {_SIGN_IN}"

    def launch(self, task: Task) -> Launch:
        """`codex exec`, reading the prompt from a file.

        The native program is started, not its npm wrapper, because the wrapper's death would leave
        it running. Its sandbox keeps `.git` read-only: the commits are ours.
        """
        words = self.words()
        path = process.which(words[0], task.env) if words else ""
        if not path:
            raise Missing("Codex was not found on this computer.", self.hint)
        argv = [native(path), *words[1:], "exec", "--json"]
        argv += ["-s", task.sandbox or self.sandboxes[0], "-C", str(task.worktree)]
        argv += ["-o", str(task.folder / "last.txt")]
        if task.model:
            argv.append(f"--model={task.model}")
        argv += ["resume", task.thread, "-"] if task.thread else ["-"]
        env = {**task.env, "CODEX_HOME": str(task.home)}
        return Launch(tuple(argv), env, "codex", write_prompt(task))

    def events(self, worktree: Path | None = None) -> EventReader:
        """A reader of its JSON lines."""
        return CodexReader(worktree)

    def judge(self, story: Story, ended: Exit, folder: Path) -> Verdict:
        """By its last record, `turn.completed` or `turn.failed`; the exit code says little."""
        del folder
        if story.ended:
            return Verdict(ok=True)
        if story.failure:
            return Verdict(False, explain(self.title, story.failure, _SIGN_IN))
        told = story.tail[-1] if story.tail else ""
        if ended.signal is not None:
            return Verdict(False, f"{self.title} was ended by signal {ended.signal}.")
        if told:
            return Verdict(False, explain(self.title, told, _SIGN_IN))
        return Verdict(False, f"{self.title} ended without a result (exit code {ended.code}).")

    def tidy(self, worktree: Path) -> None:
        """Remove the empty folders its sandbox leaves; they would cause a warning next time."""
        for name in _LEFT:
            with contextlib.suppress(OSError):
                (worktree / name).rmdir()

    def interactive(self, path: str, env: Mapping[str, str]) -> list[str]:
        """Without its background server, which would outlive the terminal and copy itself."""
        argv = super().interactive(path, env)
        real = Path(native(path))
        # Only Codex itself is asked what it can do; a person's own wrapper is not run for that.
        if real.stem != "codex" or "--no-daemon" in argv:
            return argv
        known = help_mentions(str(real), real.stat().st_mtime_ns, "--no-daemon")
        return [*argv, "--no-daemon"] if known else argv


def native(path: str) -> str:
    """The program behind the wrapper that npm installs; the path itself when it is no wrapper."""
    script = Path(path).resolve()
    if script.suffix != ".js":
        return path
    package = script.parent.parent
    for place in (package.parent, package / "node_modules" / "@openai", package):
        for found in sorted(place.glob("codex-*/vendor/*/bin/codex")):
            return str(found)
    for found in sorted(package.glob("vendor/*/*/codex")):
        return str(found)
    return path


class CodexReader(EventReader):
    """Reads the JSON lines of `codex exec --json` and of what speaks like it."""

    def __init__(self, worktree: Path | None = None) -> None:
        super().__init__(worktree)
        self._began: dict[str, float] = {}
        self._thread = ""
        self._before = Usage()
        self._now = Usage()

    def parse(self, line: Line) -> list[RunEvent]:
        """The events of a line; what is no JSON object is plain output."""
        text = line.text.strip()
        if not text:
            return []
        found: object = None
        if line.stream == "out" and text.startswith("{"):
            with contextlib.suppress(ValueError, RecursionError):
                found = json.loads(text)
        if not isinstance(found, dict):
            return [RunEvent(EventKind.OUTPUT, line.seconds, text=text[:2000])]
        return [replace(event, at=line.seconds) for event in self._object(found, line.seconds)]

    def _object(self, found: dict[str, object], at: float) -> list[RunEvent]:
        kind = found.get("type")
        if kind == "thread.started":
            return self._thread_started(_text(found.get("thread_id")))
        if kind == "turn.completed":
            usage = self._usage(found.get("usage"))
            used = [RunEvent(EventKind.USAGE, usage=usage)] if usage else []
            return [*used, RunEvent(EventKind.END, ok=True)]
        if kind == "turn.failed":
            return [RunEvent(EventKind.END, text=_message(found), ok=False)]
        if kind == "error":
            return [RunEvent(EventKind.WARNING, text=_message(found))]
        item = found.get("item")
        if isinstance(item, dict):
            return self._item(item, done=kind == "item.completed", at=at)
        return []

    def _thread_started(self, thread: str) -> list[RunEvent]:
        if thread and thread != self._thread:
            self._before, self._now = _sum(self._before, self._now), Usage()
            self._thread = thread
        return [RunEvent(EventKind.THREAD, thread=thread)] if thread else []

    def _usage(self, told: object) -> Usage | None:
        """The run's totals. Codex counts over the whole thread, also after a resume."""
        if not isinstance(told, dict):
            return None
        self._now = Usage(
            _count(told.get("input_tokens")),
            _count(told.get("cached_input_tokens")),
            _count(told.get("output_tokens")),
        )
        return _sum(self._before, self._now)

    def _item(self, item: dict[str, object], *, done: bool, at: float) -> list[RunEvent]:
        key = f"{self.attempt}.{_text(item.get('id'))}"
        kind, text = _text(item.get("type")), _text(item.get("text"))
        if kind == "command_execution":
            return [self._command(item, key, done, at)]
        if kind == "todo_list":
            return [RunEvent(EventKind.PLAN, key=key, text=_plan(item.get("items")))]
        if kind == "agent_message":
            return [RunEvent(EventKind.MESSAGE, key=key, text=text)] if done else []
        if kind == "reasoning":
            return [RunEvent(EventKind.THOUGHT, key=key, text=text)] if done else []
        if kind == "error":
            return [RunEvent(EventKind.WARNING, key=key, text=_message(item))]
        if kind == "file_change":
            changes = item.get("changes")
            paths = tuple(
                self.relative(_text(change.get("path")))
                for change in (changes if isinstance(changes, list) else [])
                if isinstance(change, dict)
            )
            if done and item.get("status") == "failed":
                return [RunEvent(EventKind.WARNING, key=key, text="A change was not applied.")]
            return [RunEvent(EventKind.CHANGE, key=key, paths=paths)] if done else []
        named = " ".join(
            part for name in ("server", "tool", "query") if (part := _text(item.get(name)))
        )
        return [RunEvent(EventKind.TOOL, key=key, text=named or kind.replace("_", " "))]

    def _command(self, item: dict[str, object], key: str, done: bool, at: float) -> RunEvent:
        code = item.get("exit_code")
        begun = self._began.setdefault(key, at)
        if done:
            self._began.pop(key, None)
        return RunEvent(
            EventKind.COMMAND,
            key=key,
            text=_bare(_text(item.get("command"))),
            output=_text(item.get("aggregated_output")) if done else "",
            exit_code=(code if isinstance(code, int) else -1) if done else None,
            seconds=round(at - begun, 3) if done else None,
        )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _message(found: Mapping[str, object]) -> str:
    error = found.get("error")
    told = error.get("message") if isinstance(error, dict) else None
    return _text(told) or _text(found.get("message")) or _text(error)


def _plan(items: object) -> str:
    steps = [step for step in items if isinstance(step, dict)] if isinstance(items, list) else []
    return "\n".join(
        f"[{'x' if step.get('completed') else ' '}] {_text(step.get('text'))}" for step in steps
    )


def _bare(command: str) -> str:
    """The command without the shell that Codex puts around each."""
    found = _SHELL.match(command)
    if not found:
        return command
    inner = found[1].strip()
    if len(inner) > 1 and inner[0] == inner[-1] and inner[0] in "'\"":
        inner = inner[1:-1].replace("'\\''", "'")
    return inner


def _sum(one: Usage, two: Usage) -> Usage:
    return Usage(
        one.tokens_in + two.tokens_in,
        one.tokens_cached + two.tokens_cached,
        one.tokens_out + two.tokens_out,
    )
