"""What a forge answered, and what that means for whoever asked."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from aiops_desktop.adapters.forges.reading import Record, records, said
from aiops_desktop.adapters.web import Answer
from aiops_desktop.domain.forges import (
    Hidden,
    Limited,
    NotAccepted,
    NotAForge,
    NotAllowed,
    Rejected,
    Taken,
    Unanswered,
)
from aiops_desktop.domain.trouble import Trouble

#: Seconds to wait when a forge does not say for how long.
USUAL = 60.0
_DAY = 86_400.0
_ENDED = re.compile(r"revoked|expired", re.IGNORECASE)
_TAKEN = re.compile(r"already (been taken|exists|in use|been added)", re.IGNORECASE)


class Judge:
    """Tells good answers from others, and reads them.

    Args of the constructor: `forge` is the name its makers write, `server` the server's own, `root`
    the address of the API.
    """

    def __init__(self, forge: str, server: str, root: str) -> None:
        self._forge = forge
        self._server = server
        self._root = root

    def record(self, answer: Answer) -> Record:
        """The record in a good answer."""
        value = self.value(answer)
        if isinstance(value, dict):
            return value
        raise self._odd(answer)

    def records(self, answer: Answer) -> list[Record]:
        """The records in a good answer; null is none."""
        value = self.value(answer)
        if value is None or isinstance(value, list):
            return records(value)
        raise self._odd(answer)

    def value(self, answer: Answer) -> object:
        """What is in a good answer."""
        try:
            return answer.json()
        except ValueError as error:
            raise self._odd(answer) from error

    def check(self, answer: Answer) -> None:
        """Look whether an answer is good.

        Raises:
            Trouble: of the kind and with the sentence that fits.
        """
        status = answer.status
        if 200 <= status < 300 and not answer.is_page:
            return
        told = _told(answer)
        because = f" It says: {_sentence(told)}" if told else ""
        limit = _until(answer)
        if limit is not None:
            raise Limited(
                f"{self._forge} at {self._server} wants no more requests for now.",
                f"It takes some again at {limit:%H:%M} UTC.",
                told,
                until=limit,
            )
        if status >= 500:
            raise Unanswered(
                f"{self._server} answered with an error ({status}).{because}",
                "Try again in a moment, or ask who runs it.",
            )
        if answer.is_page or 300 <= status < 400:
            raise self.elsewhere(answer)
        raise self._no(status, told, because)

    def _no(self, status: int, told: str, because: str) -> Trouble:
        if status == 401:
            return Rejected(
                f"{self._forge} at {self._server} does not accept the token.{because}",
                "Enter a new one."
                if _ENDED.search(told)
                else "It was revoked, has expired, or was mistyped. Enter a new one.",
                told,
                steps=("view.integrations",),
                field="token",
            )
        if status == 403:
            return NotAllowed(
                f"The token for {self._server} may not do this.{because}",
                "Give it the scope that is missing, or ask for the right on this project.",
                told,
            )
        if status in {404, 405, 410}:  # 405: this version has no such verb
            return Hidden(
                f"{self._forge} at {self._server} does not have this, or hides it from you."
                f"{because}",
                "Check the address and what the account may see.",
                told,
            )
        if status == 409 or _TAKEN.search(told):
            return Taken(f"{self._forge} has this already.{because}", "Look at it there.", told)
        return NotAccepted(
            f"{self._forge} did not take this ({status}).{because}", "Correct it, then try again."
        )

    def elsewhere(self, answer: Answer) -> NotAForge:
        """Why somebody else answered: a page, or a redirect that leads away."""
        there = answer.location
        if there:
            host = urlsplit(urljoin(self._root, there)).hostname or "another place"
            return NotAForge(
                f"{self._server} sends us on to {host} instead of answering.",
                f"Enter the address {self._forge} really has; a sign-in page in front of it lets no"
                " program through.",
                there[:200],
            )
        return NotAForge(
            f"{self._server} answered with a web page: this is no address of a {self._forge}.",
            "Check the address; a path such as /gitlab belongs to it.",
        )

    def _odd(self, answer: Answer) -> Trouble:
        if answer.is_page:
            return self.elsewhere(answer)
        return Unanswered(
            f"{self._server} sent an answer that cannot be read.",
            "Try again; if it stays, check the address.",
            answer.data[:200].decode("utf-8", "replace"),
        )


def _told(answer: Answer) -> str:
    if answer.is_page:
        return ""
    try:
        return said(answer.json())[:300]
    except ValueError:
        return answer.data[:200].decode("utf-8", "replace").strip()


def _sentence(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _until(answer: Answer) -> datetime | None:
    """Until when a forge wants no more requests; None when it has nothing against them.

    429, or what GitHub makes of 403: no calls left, a Retry-After, or words about a rate limit.
    """
    headers = answer.headers
    spent = headers.get("x-ratelimit-remaining", headers.get("ratelimit-remaining")) == "0"
    if answer.status == 403:
        words = answer.data[:2000].lower()
        if not (spent or "retry-after" in headers or b"rate limit" in words):
            return None
    elif answer.status != 429 and not (answer.status == 503 and "retry-after" in headers):
        return None
    now = datetime.now(UTC)
    seconds = _seconds(headers.get("retry-after", ""), now)
    if seconds is None and (spent or answer.status == 429):
        for name in ("ratelimit-reset", "x-ratelimit-reset"):
            if re.fullmatch(r"\d{9,12}", headers.get(name, "")):
                seconds = int(headers[name]) - now.timestamp()
    if seconds is None:
        seconds = USUAL
    return now + timedelta(seconds=min(max(seconds, 0.0), _DAY))


def _seconds(told: str, now: datetime) -> float | None:
    """Retry-After: seconds or a date (RFC 9110, 10.2.3)."""
    if re.fullmatch(r"\d{1,9}", told.strip()):
        return float(told)
    try:
        found = parsedate_to_datetime(told)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() - now.timestamp()
    except (ValueError, TypeError, IndexError):
        return None
