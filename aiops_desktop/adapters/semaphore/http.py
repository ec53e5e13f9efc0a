"""One request to Semaphore: sent once, stoppable, its answer believed only as far as it goes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aiops_desktop.adapters.web import Answer, Web, is_address
from aiops_desktop.domain.trouble import Failed, Missing, NotTrusted, Refused
from aiops_desktop.domain.trouble import Unanswered as Unanswered
from aiops_desktop.domain.trouble import Unreachable as Unreachable
from aiops_desktop.jobs.job import Job

#: Bytes of an answer that are read; a log of this size could not be shown any more.
ANSWER_MAX = 512 << 20
_CHECK = "Check the address under Settings → Semaphore, and that the server runs."


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
    if not is_address(cut):
        raise Refused(
            f"“{text.strip()[:80]}” is not the address of a server.",
            "Write it as https://semaphore.example.com, with its path if it has one.",
            field="semaphore.base_url",
        )
    return cut


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
        if not re.fullmatch(r"[\x21-\x7e]*", self._token):
            raise NotTrusted(
                "The API token has characters in it that no token has.",
                "Copy it again from Semaphore, under User → API Tokens.",
                field="semaphore.api_token",
            )
        self._web = Web(
            self.name,
            self._token,
            _CHECK,
            verify=verify_tls,
            timeout=timeout,
            limit=ANSWER_MAX,
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
        return self._web.ask(method, f"{self.base}/api{path}", body, job)

    def _judge(self, answer: Answer, path: str, job: Job | None) -> object:
        status, said = answer.status, _error_text(answer)
        because = f" It says: {said}" if said else ""
        if status in {502, 503, 504}:
            raise Unanswered(
                f"The server in front of {self.name} gets no answer from Semaphore ({status}).",
                "Try again in a moment, or ask who runs it.",
            )
        if status == 401:
            raise self._who(path, job)
        if answer.is_page:
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
        try:
            return answer.json()
        except ValueError as error:
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


def _error_text(answer: Answer) -> str:
    """What a JSON error body says, under whichever name; "" when it says nothing."""
    if answer.status < 400:
        return ""
    try:
        body = answer.json()
    except ValueError:
        return ""
    if not isinstance(body, dict):
        return ""
    for name in ("error", "message", "detail"):
        text = body.get(name)
        if isinstance(text, str) and text.strip():
            return text.strip()[:300].rstrip(".") + "."
    return ""
