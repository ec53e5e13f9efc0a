"""One request to Semaphore: sent once, stoppable, its answer believed only as far as it goes."""

from __future__ import annotations

import json
import re
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
import urllib3
from requests.auth import AuthBase

from aiops_desktop.adapters.semaphore.wire import StoppableAdapter, Wire
from aiops_desktop.domain.trouble import Failed, Missing, NotTrusted, Refused
from aiops_desktop.jobs.job import Job

#: Bytes of an answer that are read; a log of this size could not be shown any more.
ANSWER_MAX = 512 << 20
#: Seconds for the connection itself; a server that is there takes milliseconds.
CONNECT = 5.0
_CHECK = "Check the address under Settings → Semaphore, and that the server runs."


class Unreachable(Failed):
    """Nothing was sent: the server could not be connected to."""


class Unanswered(Failed):
    """Something was sent, and no usable answer came; what was asked may have happened."""


class NotTaken(Failed):
    """Semaphore did not take the request (400, 409), which for tasks also means: not there."""


class NotThere(Missing):
    """404: not there, or this account may not know of it."""


def clean_address(text: str) -> str:
    """The address without a trailing slash, /api, or the page somebody copied it from.

    Raises:
        Refused: it is no http address.
    """
    cut = re.sub(r"/(project/\d+|auth/login|api)(/.*)?$", "", text.strip().split("#")[0])
    cut = cut.split("?")[0].rstrip("/")
    try:
        parts = urlsplit(cut)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or re.search(r"\s", cut):
        raise Refused(
            f"“{text.strip()[:80]}” is not the address of a server.",
            "Write it as https://semaphore.example.com, with its path if it has one.",
            field="semaphore.base_url",
        )
    return cut


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `kind` is the content type in lower case."""

    status: int
    kind: str
    data: bytes
    location: str


class Door:
    """Sends requests to one server with one token. Holds no connection, so threads may share it."""

    def __init__(
        self, base_url: str, token: str, *, verify_tls: bool = True, timeout: float = 15.0
    ) -> None:
        """Connect to nothing yet.

        Raises:
            Refused: the address is none.
            NotTrusted: the token holds characters no token has.
        """
        self.base = clean_address(base_url)
        self.name = self.base.split("://", 1)[1]
        self._token = token.strip()
        self._verify = verify_tls
        self._timeout = timeout
        if not verify_tls:  # it is the person's own choice, and Settings says what it means
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        if not re.fullmatch(r"[\x21-\x7e]*", self._token):
            raise NotTrusted(
                "The API token has characters in it that no token has.",
                "Copy it again from Semaphore, under User → API Tokens.",
                field="semaphore.api_token",
            )

    def get(self, path: str, job: Job | None = None) -> object:
        """What lies at `path` below /api, from JSON.

        Raises:
            Trouble: of the kind and with the sentence that fits what came back instead.
            Stopped: the job was stopped; a hanging connection is cut at once.
        """
        return self._judge(self._ask("GET", path, None, job), path, job)

    def post(self, path: str, body: Mapping[str, object], job: Job | None = None) -> object:
        """Send once; never again by itself, because nothing here is safe to send twice.

        Raises:
            Unreachable: it was not sent.
            Unanswered: it may have been carried out all the same.
        """
        return self._judge(self._ask("POST", path, body, job), path, job)

    def text(self, path: str) -> str:
        """What lies at `path` when it is plain text; "" when it is something else.

        Raises:
            Unreachable: nobody answers.
        """
        answer = self._ask("GET", path, None, None)
        if answer.status != 200 or "html" in answer.kind:
            return ""
        return answer.data[:1000].decode("utf-8", "replace").strip()

    # How it does it ---------------------------------------------------------------------------

    def _ask(
        self, method: str, path: str, body: Mapping[str, object] | None, job: Job | None
    ) -> Answer:
        if job:
            job.check()
        wire = Wire()
        forget = job.on_stop(wire.cut) if job else None
        try:
            with requests.Session() as session:
                adapter = StoppableAdapter(wire)
                session.mount("http://", adapter)
                session.mount("https://", adapter)
                answer = self._exchange(session, method, path, body)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            if job:
                job.check()
            raise self._no_answer(error, sent=wire.used) from error
        else:
            if job and wire.is_cut:  # a cut connection can look like a short answer
                job.check()
            return answer
        finally:
            if forget:
                forget()
            wire.close()

    def _exchange(
        self,
        session: requests.Session,
        method: str,
        path: str,
        body: Mapping[str, object] | None,
    ) -> Answer:
        with session.request(
            method,
            f"{self.base}/api{path}",
            json=body,
            headers={"Accept": "application/json", "User-Agent": "aiops-desktop"},
            auth=_Bearer(self._token),
            timeout=(min(CONNECT, self._timeout), self._timeout),
            allow_redirects=False,
            verify=self._verify,
            stream=True,
        ) as response:
            data = bytearray()
            last = time.monotonic()
            # read1 gives what is there; a server that drips keeps each read of requests alive.
            while part := response.raw.read1(1 << 16, decode_content=True):
                data += part
                if len(part) > 4096:
                    last = time.monotonic()
                if time.monotonic() - last > 2 * self._timeout:
                    raise requests.ReadTimeout
                if len(data) > ANSWER_MAX:
                    raise Failed(
                        f"{self.name} sent more than {ANSWER_MAX >> 20} MiB at once.",
                        "Look at this task in Semaphore itself.",
                    )
            return Answer(
                response.status_code,
                response.headers.get("Content-Type", "").lower(),
                bytes(data),
                response.headers.get("Location", ""),
            )

    def _no_answer(self, error: BaseException, *, sent: bool) -> Failed | NotTrusted:
        causes = list(_causes(error))

        def is_a(*kinds: type[BaseException]) -> bool:
            return any(isinstance(cause, kinds) for cause in causes)

        if is_a(ssl.SSLError, requests.exceptions.SSLError):
            if is_a(ssl.SSLCertVerificationError):
                return NotTrusted(
                    f"The certificate of {self.name} could not be verified.",
                    "Install the certificate of your authority on this computer, or correct the "
                    "address.",
                    _last_words(causes),
                )
            return Unreachable(
                f"{self.name} does not speak TLS on this port.", _CHECK, _last_words(causes)
            )
        if sent:
            if is_a(TimeoutError, requests.Timeout, urllib3.exceptions.TimeoutError):
                what = f"{self.name} did not answer within {self._timeout:g} s."
            else:
                what = f"{self.name} broke off in the middle of its answer."
            return Unanswered(what, "Try again in a moment.", _last_words(causes))
        if is_a(socket.gaierror, urllib3.exceptions.NameResolutionError):
            what = f"The name of {self.name} is not known on this network."
        elif is_a(ConnectionRefusedError):
            what = f"Nobody answers at {self.name}: the connection was refused."
        elif is_a(TimeoutError, requests.Timeout, urllib3.exceptions.TimeoutError):
            what = f"{self.name} cannot be reached: no answer to the connection."
        else:
            what = f"{self.name} cannot be reached."
        return Unreachable(what, _CHECK, _last_words(causes))

    def _judge(self, answer: Answer, path: str, job: Job | None) -> object:
        status, said = answer.status, _error_text(answer)
        because = f" It says: {said}" if said else ""
        is_page = "html" in answer.kind or answer.data.lstrip()[:1] == b"<"
        if status in {502, 503, 504}:
            raise Unanswered(
                f"The server in front of {self.name} gets no answer from Semaphore ({status}).",
                "Try again in a moment, or ask who runs it.",
            )
        if status == 401:
            raise self._who(path, job)
        if is_page:
            raise Failed(
                f"{self.name} answered with a web page: this is not a Semaphore server's address.",
                "Check the address; a path such as /semaphore belongs to it.",
            )
        if 300 <= status < 400:
            raise Failed(
                f"{self.name} sends us on to {answer.location[:200] or 'another place'}.",
                "Enter the address it really has.",
            )
        if status == 403:
            raise Refused(f"Your account in Semaphore may not do this.{because}", "Ask its owner.")
        if status == 404:
            raise NotThere(f"Semaphore does not have this, or hides it from you.{because}")
        if status in {400, 405, 409, 422}:
            raise NotTaken(f"Semaphore did not take the request ({status}).{because}")
        if not 200 <= status < 300:
            raise Unanswered(
                f"Semaphore answered with an error ({status}).{because}",
                "Look at the server's log, then try again.",
            )
        return self._decoded(answer)

    def _decoded(self, answer: Answer) -> object:
        if not answer.data.strip():
            return None
        try:
            return json.loads(answer.data)
        except (ValueError, RecursionError) as error:
            raise Unanswered(
                f"{self.name} sent an answer that cannot be read.",
                "Try again; if it stays, check the address.",
                answer.data[:200].decode("utf-8", "replace"),
            ) from error

    def _who(self, path: str, job: Job | None) -> NotTrusted | Refused:
        """401 also means "not allowed"; asking who we are tells which it is."""
        if path != "/user":
            answer = self._ask("GET", "/user", None, job)
            if answer.status == 200 and "json" in answer.kind:
                return Refused("Your account in Semaphore may not do this.", "Ask its owner.")
        return NotTrusted(
            f"Semaphore at {self.name} does not accept the API token."
            if self._token
            else f"Semaphore at {self.name} wants an API token, and none is set.",
            "Make a new one in Semaphore under User → API Tokens, and enter it in Settings.",
            steps=("settings.semaphore",),
            field="semaphore.api_token",
        )


class _Bearer(AuthBase):
    """Puts the token in; as `auth`, so that a line in ~/.netrc cannot take its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            r.headers["Authorization"] = f"Bearer {self._token}"
        return r


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


def _last_words(causes: list[BaseException]) -> str:
    return str(causes[-1])[:500] if causes else ""


def _error_text(answer: Answer) -> str:
    """What a JSON error body says, under whichever name; "" when it says nothing."""
    if answer.status < 400:
        return ""
    try:
        body = json.loads(answer.data)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(body, dict):
        return ""
    for name in ("error", "message", "detail"):
        text = body.get(name)
        if isinstance(text, str) and text.strip():
            return text.strip()[:300].rstrip(".") + "."
    return ""
