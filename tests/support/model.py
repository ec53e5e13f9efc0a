"""A scripted stand-in for a model provider: real assistants work without a network.

Only the model is fake: the program under test is the real one, really runs its tools and really
edits files. The server listens on loopback and speaks the OpenAI Responses format
(`/v1/responses`, Codex) and Chat Completions (`/v1/chat/completions`, Aider), streaming and not.

A script says what the model does::

    Script({"fix the typo": [                      # a pattern, searched in the latest prompt
        {"think": "Look first", "say": "Reading.", "shell": "cat hello.txt"},
        {"edit": {"path": "hello.txt", "old": "helo", "new": "hello"}},
        {"say": "Fixed the typo."}]})

One step is one reply. Which step is next is told by the request alone (how many tool results follow
the latest prompt), so retries, resumed sessions and parallel assistants need no shared state. Once
the steps run out, the last one is said again without its tools. A client without tools (Aider) gets
all steps in one reply, the edits as SEARCH/REPLACE text.

Keys of a step, all optional: `say`, `think`, `shell` (a command), `write` {path, content}, `edit`
{path, old, new}, `delay` (seconds before the reply), `pace` (seconds between chunks), `hang` (send
the text, then keep the stream open), `drop` (cut the stream), `status` (answer with this HTTP
error; `message` goes with it), `usage` {input, cached, output}.
"""

from __future__ import annotations

import dataclasses
import http.server
import itertools
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Json = dict[str, Any]
Event = tuple[str, Json]
CALLS = ("write", "edit", "shell")
_HEREDOC = "SCRIPTED_PATCH"
#: What clients put into the conversation by themselves.
_INJECTED = re.compile(
    r"\s*<(environment_context|user_instructions|system-reminder|turn_aborted|"
    r"skills_instructions|permissions instructions)|# AGENTS\.md instructions|"
    r"I added these files to the chat"
)
_AIDER_RULES = re.compile(
    r"\n\n(# \*SEARCH/REPLACE block\* Rules|# File editing rules|"
    r"To suggest changes to a file you MUST return).*",
    re.DOTALL,
)
_ids = itertools.count(1)


class Script:
    """What the model does: patterns for prompts, and the steps that answer them."""

    def __init__(self, scenarios: Mapping[str, Sequence[Json]] | None = None) -> None:
        self._scenarios = [
            (re.compile(pattern, re.IGNORECASE | re.DOTALL), list(steps))
            for pattern, steps in (scenarios or {}).items()
        ]

    def step(self, prompt: str, done: int, *, whole: bool = False) -> Json:
        """The reply when `done` tool results already followed `prompt`."""
        steps = next((s for rx, s in self._scenarios if rx.search(prompt)), [{"say": "Done."}])
        if whole:
            steps, done = [_merged(steps)], 0
        index = before = 0
        while index < len(steps) and before < done:
            before += sum(key in steps[index] for key in CALLS)
            index += 1
        if index == len(steps):
            return {"say": steps[-1].get("say", "Done.")}
        return steps[index]


def _merged(steps: Sequence[Json]) -> Json:
    merged: Json = {}
    for step in steps:
        merged |= step
    merged["parts"] = [
        part
        for step in steps
        for part in (step.get("say"), step.get("write"), step.get("edit"))
        if part
    ]
    for key in ("say", *CALLS):
        merged.pop(key, None)
    return merged


@dataclasses.dataclass
class Request:
    """One request, whatever its format. `done` counts tool results since the latest prompt."""

    body: Json
    prompt: str
    done: int
    tools: dict[str, Json]
    system: str

    @property
    def stream(self) -> bool:
        return bool(self.body.get("stream"))


def read_request(body: Json) -> Request:
    items = body.get("input") or body.get("messages") or []
    if isinstance(items, str):
        items = [{"role": "user", "content": items}]
    prompt, done = "", 0
    rest: list[str] = []
    for item in items:
        kind, role = item.get("type", "message"), item.get("role")
        if kind.endswith("_call_output") or role == "tool":
            done += 1
        elif kind == "message" and role == "user":
            own: list[str] = []
            for text in _texts(item.get("content")):
                (rest if _INJECTED.match(text) else own).append(text)
            if own:
                prompt, done = _AIDER_RULES.sub("", "\n".join(own)), 0
                rest += own
        elif kind == "message":
            rest += _texts(item.get("content"))
    rest += _texts(body.get("instructions"))
    tools: dict[str, Json] = {}
    for tool in body.get("tools") or []:
        spec = tool["function"] if isinstance(tool.get("function"), dict) else tool
        if spec.get("name"):
            tools[spec["name"]] = tool
    return Request(body, prompt, done, tools, "\n".join(rest))


def _texts(content: Any) -> list[str]:
    if content is None:
        return []
    blocks = (
        [content]
        if isinstance(content, str)
        else [
            block if isinstance(block, str) else block.get("text", "")
            for block in content
            if isinstance(block, str) or block.get("type") in ("text", "input_text")
        ]
    )
    return [block for block in blocks if block.strip()]


@dataclasses.dataclass
class Call:
    """A call of a tool; text as arguments is for a free-form one."""

    name: str
    arguments: Json | str


@dataclasses.dataclass
class Reply:
    """What the model says and calls."""

    think: str
    say: str
    calls: list[Call]
    usage: Json


def build_reply(step: Json, request: Request) -> Reply:
    say: str = step.get("say", "")
    if "parts" in step:
        parts = (
            part if isinstance(part, str) else _as_text(part, request).rstrip("\n")
            for part in step["parts"]
        )
        say = "\n\n".join(parts) + "\n"
    calls = [_edit_call(step[key], request) for key in ("write", "edit") if key in step]
    if "shell" in step:
        calls.append(_shell_call(step["shell"], request.tools))
    usage = {"input": 100, "cached": 20, "output": 10, **step.get("usage", {})}
    return Reply(step.get("think", ""), say, [call for call in calls if call], usage)


def _as_text(edit: Json, request: Request) -> str:
    fence = "```"
    new = str(edit.get("content", edit.get("new", "")))
    if "SEARCH/REPLACE" not in request.system:
        return f"{edit['path']}\n{fence}\n{new.removesuffix(chr(10))}\n{fence}\n"
    old, new = (
        text + "\n" if text and not text.endswith("\n") else text
        for text in (str(edit.get("old", "")), str(new))
    )
    return f"{edit['path']}\n{fence}\n<<<<<<< SEARCH\n{old}=======\n{new}>>>>>>> REPLACE\n{fence}\n"


def _signed(text: str, sign: str) -> str:
    return "".join(f"{sign}{line}\n" for line in text.removesuffix("\n").split("\n"))


def _patch(edit: Json) -> str:
    if "content" in edit:
        body = f"*** Add File: {edit['path']}\n" + _signed(edit["content"], "+")
    else:
        body = (
            f"*** Update File: {edit['path']}\n@@\n"
            + _signed(edit["old"], "-")
            + _signed(edit["new"], "+")
        )
    return f"*** Begin Patch\n{body}*** End Patch"


def _edit_call(edit: Json, request: Request) -> Call | None:
    if "apply_patch" in request.tools:
        custom = request.tools["apply_patch"].get("type") == "custom"
        return Call("apply_patch", _patch(edit) if custom else {"input": _patch(edit)})
    return _shell_call(f"apply_patch <<'{_HEREDOC}'\n{_patch(edit)}\n{_HEREDOC}", request.tools)


def _shell_call(command: str, tools: Mapping[str, Json]) -> Call | None:
    forms: dict[str, Json] = {
        "exec_command": {"cmd": command},
        "shell_command": {"command": command},
        "shell": {"command": ["bash", "-lc", command]},
    }
    return next((Call(name, made) for name, made in forms.items() if name in tools), None)


def _chunks(text: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text)


def _new_id(prefix: str) -> str:
    return f"{prefix}_{next(_ids):06d}"


def responses_events(reply: Reply, request: Request) -> Iterator[Event]:
    """The stream of the Responses format."""
    output: list[Json] = []
    base: Json = {
        "id": _new_id("resp"),
        "object": "response",
        "created_at": int(time.time()),
        "model": request.body.get("model"),
        "status": "in_progress",
        "output": [],
    }
    yield "response.created", {"response": base}
    for start, done, deltas in _items(reply):
        index = len(output)
        yield "response.output_item.added", {"output_index": index, "item": start}
        for name, data in deltas:
            yield name, {"output_index": index, **data}
        yield "response.output_item.done", {"output_index": index, "item": done}
        output.append(done)
    used = reply.usage
    usage = {
        "input_tokens": used["input"],
        "input_tokens_details": {"cached_tokens": used["cached"]},
        "output_tokens": used["output"],
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": used["input"] + used["output"],
    }
    whole = {**base, "status": "completed", "output": output, "usage": usage}
    yield "response.completed", {"response": whole}


def _items(reply: Reply) -> Iterator[tuple[Json, Json, list[Event]]]:
    """(item at its start, item at its end, deltas between)."""
    if reply.think:
        thought: Json = {"type": "reasoning", "id": _new_id("rs"), "summary": []}
        where = {"item_id": thought["id"], "summary_index": 0}
        part = {"type": "summary_text", "text": ""}
        yield (
            thought,
            {**thought, "summary": [{"type": "summary_text", "text": reply.think}]},
            [
                ("response.reasoning_summary_part.added", {**where, "part": part}),
                *(
                    ("response.reasoning_summary_text.delta", {**where, "delta": chunk})
                    for chunk in _chunks(reply.think)
                ),
                ("response.reasoning_summary_text.done", {**where, "text": reply.think}),
            ],
        )
    if reply.say:
        message: Json = {"type": "message", "id": _new_id("msg"), "role": "assistant"}
        where = {"item_id": message["id"], "content_index": 0}
        content = [{"type": "output_text", "text": reply.say, "annotations": []}]
        yield (
            {**message, "status": "in_progress", "content": []},
            {**message, "status": "completed", "content": content},
            [
                ("response.output_text.delta", {**where, "delta": chunk})
                for chunk in _chunks(reply.say)
            ],
        )
    for call in reply.calls:
        made: Json = {"id": _new_id("fc"), "call_id": _new_id("call"), "name": call.name}
        made["status"] = "completed"
        if isinstance(call.arguments, str):
            made |= {"type": "custom_tool_call", "input": call.arguments}
        else:
            made |= {"type": "function_call", "arguments": json.dumps(call.arguments)}
        yield made, made, []


def responses_body(reply: Reply, request: Request) -> Json:
    whole: Json = list(responses_events(reply, request))[-1][1]["response"]
    return whole


def chat_events(reply: Reply, request: Request) -> Iterator[Event]:
    """The stream of the Chat Completions format."""
    base: Json = {
        "id": _new_id("chatcmpl"),
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": request.body.get("model"),
    }

    def chunk(delta: Json, finish: str | None = None) -> Event:
        return "", {**base, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}

    yield chunk({"role": "assistant", "content": ""})
    for text in _chunks(reply.think):
        yield chunk({"reasoning_content": text})
    for text in _chunks(reply.say):
        yield chunk({"content": text})
    yield chunk({}, "stop")
    if (request.body.get("stream_options") or {}).get("include_usage"):
        yield "", {**base, "choices": [], "usage": _chat_usage(reply.usage)}


def chat_body(reply: Reply, request: Request) -> Json:
    message = {"role": "assistant", "content": reply.say}
    return {
        "id": _new_id("chatcmpl"),
        "object": "chat.completion",
        "created": int(time.time()),
        "model": request.body.get("model"),
        "usage": _chat_usage(reply.usage),
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
    }


def _chat_usage(used: Json) -> Json:
    return {
        "prompt_tokens": used["input"],
        "completion_tokens": used["output"],
        "total_tokens": used["input"] + used["output"],
    }


_FORMATS: dict[
    str,
    tuple[Callable[[Reply, Request], Iterator[Event]], Callable[[Reply, Request], Json]],
] = {
    "/responses": (responses_events, responses_body),
    "/chat/completions": (chat_events, chat_body),
}


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _HttpServer

    def log_message(self, *args: Any) -> None:
        """A test's output is not ours."""

    def do_GET(self) -> None:
        self._send_json(200, {"object": "list", "models": [], "data": []})

    def do_POST(self) -> None:
        path = self.path.split("?")[0]
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        owner = self.server.owner
        formats = next((f for end, f in _FORMATS.items() if path.endswith(end)), None)
        if formats is None:
            return self._send_error(404, f"no such path: {path}")
        if owner.api_key is not None and owner.api_key != self._key():
            return self._send_error(401, "Incorrect API key provided")
        request = read_request(json.loads(raw))
        step = owner.script.step(request.prompt, request.done, whole=not request.tools)
        owner.note(request.prompt)
        owner.stopping.wait(step.get("delay", 0))
        if "status" in step:
            return self._send_error(step["status"], step.get("message", "scripted failure"))
        reply = build_reply(step, request)
        if request.stream:
            return self._stream(formats[0](reply, request), step, path)
        return self._send_json(200, formats[1](reply, request))

    def _key(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ").strip()

    def _send_json(self, status: int, body: Json) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _send_error(self, status: int, message: str) -> None:
        error = {"type": "scripted_error", "code": None, "message": message}
        self._send_json(status, {"type": "error", "error": error})

    def _stream(self, events: Iterator[Event], step: Json, path: str) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        numbers = itertools.count()
        try:
            for name, payload in events:
                choice = (payload.get("choices") or [{}])[0]
                final = name == "response.completed" or choice.get("finish_reason")
                if final and step.get("hang"):
                    return self._hang()
                if final and step.get("drop"):
                    return None
                if name:
                    payload = {"type": name, "sequence_number": next(numbers), **payload}
                    self.wfile.write(f"event: {name}\n".encode())
                self.wfile.write(f"data: {json.dumps(payload)}\n\n".encode())
                self.wfile.flush()
                if not final:
                    self.server.owner.stopping.wait(step.get("pace", 0))
            if path.endswith("/chat/completions"):
                self.wfile.write(b"data: [DONE]\n\n")
        except (BrokenPipeError, ConnectionResetError):
            return None

    def _hang(self) -> None:
        self.connection.settimeout(0.2)
        while not self.server.owner.stopping.is_set():
            try:
                if not self.connection.recv(1, socket.MSG_PEEK):
                    return
            except TimeoutError:
                continue
            except OSError:
                return


class _HttpServer(http.server.ThreadingHTTPServer):
    daemon_threads = True
    owner: ScriptedModel


class ScriptedModel:
    """The server; a context manager."""

    def __init__(self, script: Script | None = None, *, api_key: str | None = None) -> None:
        self.script = script or Script()
        self.api_key = api_key
        self.stopping = threading.Event()
        self._asked: list[str] = []
        self._lock = threading.Lock()
        self._http = _HttpServer(("127.0.0.1", 0), _Handler)
        self._http.owner = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def prompts(self) -> list[str]:
        """The distinct prompts so far, in order."""
        with self._lock:
            return list(dict.fromkeys(self._asked))

    def note(self, prompt: str) -> None:
        with self._lock:
            self._asked.append(prompt)

    def __enter__(self) -> ScriptedModel:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)
