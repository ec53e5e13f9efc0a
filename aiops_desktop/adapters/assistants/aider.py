"""Aider: edits files and answers in text; facts as observed with aider-chat 0.86.2."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from aiops_desktop.adapters import process
from aiops_desktop.adapters.assistants.base import (
    Cli,
    EventReader,
    Launch,
    Story,
    Task,
    Verdict,
    write_prompt,
)
from aiops_desktop.adapters.assistants.explain import explain
from aiops_desktop.adapters.supervisor import Exit, Line
from aiops_desktop.domain.runs import EventKind, RunEvent, Usage
from aiops_desktop.domain.trouble import Missing

_SIGN_IN = "Put the provider's key into the tenant's own “.env” file for Aider."
#: It never commits, asks, updates itself, phones home or draws.
_QUIET = (
    "--yes-always",
    "--no-auto-commits",
    "--no-dirty-commits",
    "--no-gitignore",
    "--no-check-update",
    "--no-show-release-notes",
    "--no-show-model-warnings",
    "--analytics-disable",
    "--no-pretty",
    "--no-fancy-input",
    "--no-detect-urls",
    "--no-suggest-shell-commands",
)
_TOKENS = re.compile(
    r"^Tokens: ([\d.,]+[kM]?) sent(?:, ([\d.,]+[kM]?) cache hit)?.*?, ([\d.,]+[kM]?) received"
    r"(?:\. Cost: \$([\d.]+) message, \$([\d.]+) session)?"
)
_ERROR = re.compile(r"^(?:litellm\.)?\w*(?:Error|Exception)\b.*", re.IGNORECASE)
_HEAD = re.compile(
    r"^(Aider v|Main model:|Model:|Weak model:|Git repo:|Repo-map:|Added .* to the chat|Use /help|"
    r"Restored previous|Warning: |Note: |https?://)"
)


class Aider(Cli):
    """Aider with the tenant's own settings (`aider.conf.yml`, `.env`, `model-metadata.json`)."""

    id = "aider"
    title = "Aider"
    hint = "Install it with “pipx install aider-chat”, or set its command in the settings."
    resumable = True

    def version(self, path: str, env: Mapping[str, str]) -> str:
        """Its version, read from its environment: asking Aider itself takes seconds."""
        root = Path(path).resolve().parent.parent
        for found in root.glob("lib/python*/site-packages/aider_chat-*.dist-info"):
            return found.name.removeprefix("aider_chat-").removesuffix(".dist-info")
        return super().version(path, env)

    def launch(self, task: Task) -> Launch:
        """Aider with one message; it keeps its own machine-readable log in the run's folder.

        A settings file is always named, so that none of the repository is taken.
        """
        words = self.words()
        path = process.which(words[0], task.env) if words else ""
        if not path:
            raise Missing("Aider was not found on this computer.", self.hint)
        argv = [path, *words[1:], *_QUIET, "--config", str(self._config(task))]
        for option, name in (
            ("--env-file", ".env"),
            ("--model-metadata-file", "model-metadata.json"),
        ):
            if (task.home / name).is_file():
                argv += [option, str(task.home / name)]
        for option, name in (
            ("--chat-history-file", "chat.md"),
            ("--input-history-file", "input.history"),
            ("--llm-history-file", "llm.history"),
            ("--analytics-log", f"aider-{task.attempt}.jsonl"),
        ):
            argv += [option, str(task.folder / name)]
        if task.model:
            argv += ["--model", task.model]
        if task.files:
            argv += ["--map-tokens", "0"]
        if task.attempt > 1:
            argv.append("--restore-chat-history")
        argv += ["--message-file", str(write_prompt(task)), "--", *task.files]
        return Launch(tuple(argv), {**task.env, "LITELLM_LOCAL_MODEL_COST_MAP": "True"}, "aider")

    def events(self, worktree: Path | None = None) -> EventReader:
        """A reader of its text."""
        return AiderReader(worktree)

    def judge(self, story: Story, ended: Exit, folder: Path) -> Verdict:
        """By its log: a request without an answer failed. Its exit code is 0 even then."""
        usage, answered, asked = _account(folder, max(story.attempt, 1))
        told = story.warnings[-1] if story.warnings else ""
        if ended.signal is not None:
            return Verdict(False, f"{self.title} was ended by signal {ended.signal}.", usage)
        if asked and answered == asked and not ended.code:
            return Verdict(True, usage=usage)
        if told:
            return Verdict(False, explain(self.title, told, _SIGN_IN), usage)
        tail = story.tail[-1] if story.tail else story.last
        return Verdict(False, explain(self.title, tail, _SIGN_IN), usage)

    def tidy(self, worktree: Path) -> None:
        """Remove its cache of the repository's map."""
        for found in worktree.glob(".aider.tags.cache.v*"):
            shutil.rmtree(found, ignore_errors=True)

    @staticmethod
    def _config(task: Task) -> Path:
        own = task.home / "aider.conf.yml"
        if own.is_file():
            return own
        empty = task.folder / "aider.conf.yml"
        empty.write_text("# The tenant has no settings of its own for Aider.\n", encoding="utf-8")
        return empty


class AiderReader(EventReader):
    """Reads what Aider prints without colours. A reply grows line by line under one key."""

    def __init__(self, worktree: Path | None = None) -> None:
        super().__init__(worktree)
        self._replies = 0
        self._text: list[str] = []
        self._kind = EventKind.MESSAGE
        self._in_block = False
        self._usage = Usage()

    def parse(self, line: Line) -> list[RunEvent]:
        """The events of a line."""
        text, at = line.text.rstrip(), line.seconds
        if line.stream == "err" and text:
            return [RunEvent(EventKind.OUTPUT, at, text=text[:2000])]
        if text.startswith("Applied edit to "):
            self._close()
            return [RunEvent(EventKind.CHANGE, at, paths=(text.removeprefix("Applied edit to "),))]
        if found := _TOKENS.match(text):
            self._close()
            return [RunEvent(EventKind.USAGE, at, usage=self._add(found))]
        if _HEAD.match(text):
            return [RunEvent(EventKind.OUTPUT, at, text=text[:2000])]
        if _ERROR.match(text):
            self._close()
            return [RunEvent(EventKind.WARNING, at, text=text[:2000])]
        return self._reply(text, at)

    def _reply(self, text: str, at: float) -> list[RunEvent]:
        if text.startswith("► "):
            self._close()
            self._kind = EventKind.THOUGHT if "THINK" in text else EventKind.MESSAGE
            return []
        if self._in_block:
            self._in_block = not text.startswith(">>>>>>> REPLACE")
            return []
        if text.startswith("<<<<<<< SEARCH"):
            self._in_block = True
            del self._text[-1:]  # the name of the file stands above its edit
        elif text.startswith("```") or not text.strip("- "):
            return []
        else:
            self._text.append(text)
        key = f"{self.attempt}.reply{self._replies}"
        told = "\n".join(self._text)[-4000:]
        return [RunEvent(self._kind, at, key=key, text=told)] if told else []

    def _close(self) -> None:
        self._replies += bool(self._text)
        self._text, self._in_block, self._kind = [], False, EventKind.MESSAGE

    def _add(self, found: re.Match[str]) -> Usage:
        cost = self._usage.cost
        if found[4]:
            cost = round((cost or 0.0) + float(found[4]), 6)
        self._usage = Usage(
            self._usage.tokens_in + _tokens(found[1]),
            self._usage.tokens_cached + _tokens(found[2]),
            self._usage.tokens_out + _tokens(found[3]),
            cost,
        )
        return self._usage


def _tokens(text: str | None) -> int:
    if not text:
        return 0
    factor = {"k": 1_000, "M": 1_000_000}.get(text[-1], 1)
    with contextlib.suppress(ValueError):
        return int(float(text.rstrip("kM").replace(",", "")) * factor)
    return 0


def _account(folder: Path, last: int) -> tuple[Usage, int, int]:
    """(tokens and cost of all attempts, answers and requests of the last one) from its logs."""
    tokens_in = tokens_out = answered = asked = 0
    cost: float | None = None
    for attempt in range(1, last + 1):
        answered = asked = 0
        for event, found in _log(folder / f"aider-{attempt}.jsonl"):
            if event == "message_send_starting":
                asked += 1
            elif event == "message_send":
                answered += 1
                tokens_in += int(_figure(found.get("prompt_tokens")))
                tokens_out += int(_figure(found.get("completion_tokens")))
                cost = (cost or 0.0) + _figure(found.get("cost"))
    return Usage(tokens_in, 0, tokens_out, cost), answered, asked


def _figure(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _log(path: Path) -> Iterator[tuple[str, Mapping[str, object]]]:
    with contextlib.suppress(OSError), path.open(encoding="utf-8", errors="replace") as source:
        for line in source:
            with contextlib.suppress(ValueError):
                found = json.loads(line)
                if isinstance(found, dict):
                    properties = found.get("properties")
                    yield (
                        str(found.get("event")),
                        properties if isinstance(properties, dict) else {},
                    )
