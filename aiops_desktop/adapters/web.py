"""Requests to one server: sent once, stoppable, answers believed only as far as they go."""

from __future__ import annotations

import json
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests
import urllib3
from requests.auth import AuthBase

from aiops_desktop.adapters.wire import StoppableAdapter, Wire
from aiops_desktop.domain.trouble import Failed, Missing, NotTrusted, Unanswered, Unreachable

#: Seconds for the connection itself; a server that is there takes milliseconds.
CONNECT = 5.0
#: Bytes of an answer that are read unless somebody allows more.
LIMIT = 64 << 20


class Stoppable(Protocol):
    """What a request needs of the job it works for."""

    def check(self) -> None:
        """Raise Stopped when the person pressed Stop."""

    def on_stop(self, callback: Callable[[], None]) -> Callable[[], None]:
        """What to do at once when Stop is pressed; gives a call that takes it back."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `kind` is the content type, and the names in `headers`, in lower case."""

    status: int
    kind: str
    data: bytes
    headers: Mapping[str, str]

    @property
    def location(self) -> str:
        """Where the server sends us on to."""
        return self.headers.get("location", "")

    @property
    def is_page(self) -> bool:
        """A web page, not what a program is told."""
        return "html" in self.kind or self.data.lstrip()[:1] == b"<"

    def json(self) -> object:
        """The value in it; None when it is empty.

        Raises:
            ValueError: it is not JSON, or no sane one.
        """
        if not self.data.strip():
            return None
        try:
            value = json.loads(self.data)
            # Halves of a character, escaped or raw, can be neither kept nor shown.
            return _whole(value) if re.search(rb"\\u[dD][89a-fA-F]|\xed", self.data) else value
        except RecursionError as error:
            raise ValueError("nested too deep") from error


def _whole(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """The same with a sign in the place of each half of a character."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {_whole(name): _whole(one) for name, one in value.items()}
    return value


def is_address(text: str) -> bool:
    """Whether it is an http or https address of a server, of which paths can be made."""
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return usable and not re.search(r"[\s\\]", text) and not (parts.query or parts.fragment)


@dataclass(frozen=True)
class Web:
    """How to ask one server. Holds no connection, so threads may share it.

    Attributes:
        name: of the server, for sentences.
        token: sent as Bearer, "" for none.
        check: the hint when nobody answers.
        verify: whether the server's certificate must be good.
        ca_file: further authorities beside the system's, PEM; "" for none.
        timeout: seconds without anything before an answer is given up.
        limit: bytes of an answer that are read.
        headers: sent with each request.
    """

    name: str
    token: str = ""
    check: str = ""
    verify: bool = True
    ca_file: str = ""
    timeout: float = 15.0
    limit: int = LIMIT
    headers: Mapping[str, str] | None = None

    @contextmanager
    def talk(self, job: Stoppable | None = None) -> Iterator[Talk]:
        """A connection that is used again for each request in it, and cut by Stop at once."""
        wire = Wire()
        forget = job.on_stop(wire.cut) if job else None
        try:
            with requests.Session() as session:
                adapter = StoppableAdapter(wire, self._tls)
                session.mount("http://", adapter)
                session.mount("https://", adapter)
                yield Talk(self, session, wire, job)
        finally:
            if forget:
                forget()
            wire.close()

    def ask(
        self,
        method: str,
        url: str,
        body: object = None,
        job: Stoppable | None = None,
    ) -> Answer:
        """Send once; redirects are not followed. `body` goes as JSON.

        Raises:
            Unreachable: it was not sent.
            Unanswered: it may have been carried out all the same.
            NotTrusted: the certificate is not good.
            Failed: the answer is bigger than `limit`.
            Stopped: the job was stopped; a hanging connection is cut at once.
        """
        with self.talk(job) as talk:
            return talk.ask(method, url, body)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if not self.verify:  # it is the person's own choice, and Settings says what it means
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        elif self.ca_file:
            if not Path(self.ca_file).is_file():
                raise Missing(
                    f"The file of certificates {self.ca_file} is not there.",
                    "Choose the PEM file of the server's authority again.",
                    field="ca_file",
                )
            try:
                context.load_verify_locations(self.ca_file)
            except (OSError, ssl.SSLError) as error:
                raise NotTrusted(
                    f"{Path(self.ca_file).name} holds no certificate that can be read.",
                    "Choose a PEM file: it begins with -----BEGIN CERTIFICATE-----.",
                    str(error),
                    field="ca_file",
                ) from error
        return context


class Talk:
    """Requests over one connection, one after the other; made by `Web.talk`."""

    def __init__(
        self, web: Web, session: requests.Session, wire: Wire, job: Stoppable | None
    ) -> None:
        self._web = web
        self._session = session
        self._wire = wire
        self._job = job

    def ask(self, method: str, url: str, body: object = None) -> Answer:
        """As `Web.ask`."""
        if self._job:
            self._job.check()
        try:
            answer = self._exchange(method, url, body)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            if self._job:
                self._job.check()
            raise _no_answer(self._web, error, sent=self._wire.used) from error
        if self._job and self._wire.is_cut:  # a cut connection can look like a short answer
            self._job.check()
        return answer

    def _exchange(self, method: str, url: str, body: object) -> Answer:
        web = self._web
        with self._session.request(
            method,
            url,
            json=body,
            headers={
                "Accept": "application/json",
                "User-Agent": "aiops-desktop",
                **(web.headers or {}),
            },
            auth=_Bearer(web.token),
            timeout=(min(CONNECT, web.timeout), web.timeout),
            allow_redirects=False,
            verify=web.verify,
            stream=True,
        ) as response:
            data = bytearray()
            last = time.monotonic()
            # read1 gives what is there; a server that drips keeps each read of requests alive.
            while part := response.raw.read1(1 << 16, decode_content=True):
                data += part
                if len(part) > 4096:
                    last = time.monotonic()
                if time.monotonic() - last > 2 * web.timeout:
                    raise requests.ReadTimeout
                if len(data) > web.limit:
                    raise Failed(
                        f"{web.name} sent more than {web.limit >> 20} MiB at once.",
                        "Look at it on the server itself.",
                    )
            return Answer(
                response.status_code,
                response.headers.get("Content-Type", "").lower(),
                bytes(data),
                {name.lower(): value for name, value in response.headers.items()},
            )


class _Bearer(AuthBase):
    """Puts the token in; as `auth`, so that a line in ~/.netrc cannot take its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            r.headers["Authorization"] = f"Bearer {self._token}"
        return r


def _no_answer(web: Web, error: BaseException, *, sent: bool) -> Failed | NotTrusted:
    causes = list(_causes(error))

    def is_a(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    detail = str(causes[-1])[:500] if causes else ""
    if is_a(ssl.SSLError, requests.exceptions.SSLError):
        if is_a(ssl.SSLCertVerificationError):
            return NotTrusted(
                f"The certificate of {web.name} could not be verified.",
                "Install the certificate of your authority on this computer, or correct the "
                "address.",
                detail,
            )
        return Unreachable(f"{web.name} does not speak TLS on this port.", web.check, detail)
    late = is_a(TimeoutError, requests.Timeout, urllib3.exceptions.TimeoutError)
    if sent:
        if late:
            what = f"{web.name} did not answer within {web.timeout:g} s."
        else:
            what = f"{web.name} broke off in the middle of its answer."
        return Unanswered(what, "Try again in a moment.", detail)
    if is_a(socket.gaierror, urllib3.exceptions.NameResolutionError):
        what = f"The name of {web.name} is not known on this network."
    elif is_a(ConnectionRefusedError):
        what = f"Nobody answers at {web.name}: the connection was refused."
    elif late:
        what = f"{web.name} cannot be reached: no answer to the connection."
    else:
        what = f"{web.name} cannot be reached."
    return Unreachable(what, web.check, detail)


def _causes(error: BaseException | None) -> list[BaseException]:
    """The error and everything it came from."""
    found: list[BaseException] = []
    waiting = [error]
    while waiting:
        one = waiting.pop(0)
        if one is None or one in found:
            continue
        found.append(one)
        waiting += [one.__cause__, one.__context__]
        waiting += [a for a in one.args if isinstance(a, BaseException)]
        reason = getattr(one, "reason", None)
        if isinstance(reason, BaseException):
            waiting.append(reason)
    return found
