"""The HTTP of one forge: answers judged, pages followed, limits kept to, tokens kept at home."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from requests.utils import parse_header_links

from aiops_desktop.adapters.forges.answers import Judge
from aiops_desktop.adapters.forges.reading import Record, moment, text
from aiops_desktop.adapters.web import Answer, Talk, Web
from aiops_desktop.domain.forges import Limited, Stoppable, Unanswered

#: Pages after which a list is taken for endless.
PAGES = 5000
#: Records a page; the most GitLab and GitHub give.
SIZE = 100
#: Seconds a reading request waits for a forge that wants no more for now.
PATIENCE = 90.0
#: Seconds before a reading request is sent a second time, at most.
AGAIN = 1.0
_HOPS = 4

Query = Mapping[str, str | int]


class Api:
    """Asks one forge's API with one token. Holds no connection, so threads may share it.

    Args of the constructor: `forge` is the name its makers write; `root` the address of the API;
    `mark` the end of its path that is the same on every server ("/api/v4"), "" when there is none.
    """

    def __init__(self, forge: str, web: Web, root: str, mark: str) -> None:
        self.forge = forge
        self.web = web
        self.root = root
        self.judge = Judge(forge, web.name, root)
        self._mark = mark

    def get(self, path: str, job: Stoppable | None = None, **query: str | int) -> Record:
        """The record at a path below the root.

        Raises:
            Unanswered: there is none, but something else.
        """
        return self.judge.record(self.read(_with(path, query), job))

    def read(self, path: str, job: Stoppable | None = None) -> Answer:
        """The good answer to a reading request; waits and asks again where that is sensible."""
        with self.web.talk(job) as talk:
            return self._read(talk, path, job)

    def send(
        self, method: str, path: str, body: object = None, job: Stoppable | None = None
    ) -> Record:
        """Have something changed; sent once. The record it answers with, empty when none."""
        url = self.root + path
        with self.web.talk(job) as talk:
            for _ in range(_HOPS):
                answer = talk.ask(method, url, body)
                if answer.status not in {307, 308}:  # the others would make it a reading request
                    break
                url = self._onward(answer, url)
        self.judge.check(answer)
        value = self.judge.value(answer)
        return value if isinstance(value, dict) else {}

    def pages(
        self, path: str, job: Stoppable | None = None, **query: str | int
    ) -> Iterator[list[Record]]:
        """The records of a list, page by page, wherever the forge says the next one is."""
        with self.web.talk(job) as talk:
            wanted = _with(path, {"per_page": SIZE, **query})
            seen: set[str] = set()
            while wanted and wanted not in seen and len(seen) < PAGES:
                seen.add(wanted)
                answer = self._read(talk, wanted, job)
                yield self.judge.records(answer)
                wanted = self._next(answer, wanted)

    def all(self, path: str, job: Stoppable | None = None, **query: str | int) -> list[Record]:
        """The records of all pages."""
        return [one for page in self.pages(path, job, **query) for one in page]

    def changed(
        self,
        path: str,
        name: str,
        since: datetime | None,
        job: Stoppable | None = None,
        **query: str | int,
    ) -> Iterator[list[Record]]:
        """A list that is sorted by `updated_at`, the oldest first, from a time on.

        Each page begins where the last one ended in time, not in place: what is changed meanwhile
        moves to the end, and would pull others over the border between two pages.

        Args:
            path: of the list.
            name: of the parameter that says since when.
            since: None: from the beginning.
            job: makes it stoppable.
            query: further parameters, which must have it sorted so.
        """
        seen: set[tuple[str, str]] = set()
        page = 1
        with self.web.talk(job) as talk:
            for _ in range(PAGES):
                some = {"per_page": SIZE, **query, "page": page}
                if since is not None:
                    some[name] = _stamp(since)
                wanted = _with(path, some)
                answer = self._read(talk, wanted, job)
                found = self.judge.records(answer)
                marks = [(text(one, "id"), text(one, "updated_at")) for one in found]
                yield [one for one, mark in zip(found, marks, strict=True) if mark not in seen]
                seen.update(marks)
                if not self._next(answer, wanted):
                    return
                last = moment(found[-1], "updated_at") if found else None
                if last is not None and (since is None or last > since) and _in_order(found):
                    since, page = last, 1
                else:
                    page += 1

    # How it does it ---------------------------------------------------------------------------

    def _read(self, talk: Talk, path: str, job: Stoppable | None) -> Answer:
        waited, again = 0.0, False
        while True:
            try:
                return self._followed(talk, path)
            except Limited as trouble:
                pause = max(0.0, (trouble.until - datetime.now(UTC)).total_seconds())
                pause += random.uniform(0, 1)  # noqa: S311 - that not all come back at once
                waited += pause
                if job is None or waited > PATIENCE:
                    raise
            except Unanswered:
                if job is None or again:
                    raise
                again, pause = True, random.uniform(AGAIN / 4, AGAIN)  # noqa: S311 - as above
            job.pause(pause)

    def _followed(self, talk: Talk, path: str) -> Answer:
        url = self.root + path
        for _ in range(_HOPS):
            answer = talk.ask("GET", url)
            if answer.status not in {301, 302, 303, 307, 308}:
                break
            url = self._onward(answer, url)
        self.judge.check(answer)
        return answer

    def _onward(self, answer: Answer, url: str) -> str:
        """Where a redirect leads, as long as it is this API; the token goes nowhere else."""
        there = urljoin(url, answer.location)
        here, to = urlsplit(self.root), urlsplit(there)
        same = (to.scheme, to.netloc) == (here.scheme, here.netloc)
        if not answer.location or not same or not to.path.startswith(f"{here.path}/"):
            raise self.judge.elsewhere(answer)
        return there

    def _next(self, answer: Answer, path: str) -> str:
        """The path of the next page, "" at the end.

        Links may name a host nobody else knows; only path and query of them count.
        """
        for link in parse_header_links(answer.headers.get("link", "")):
            if link.get("rel") == "next":
                return self._inside(link.get("url", ""))
        following = answer.headers.get("x-next-page", "").strip()
        if following.isdigit() and "link" not in answer.headers:
            place, _, query = path.partition("?")
            return _with(place, {**dict(parse_qsl(query)), "page": following})
        return ""

    def _inside(self, url: str) -> str:
        parts = urlsplit(url)
        _, found, rest = parts.path.partition(f"{self._mark}/")
        if not found or ".." in rest:
            raise Unanswered(
                f"{self.web.name} names a next page that is not its own.", "Ask who runs it.", url
            )
        return f"/{rest}?{parts.query}" if parts.query else f"/{rest}"


def _with(path: str, query: Query) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def _stamp(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _in_order(found: list[Record]) -> bool:
    times = [moment(one, "updated_at") for one in found]
    known = [one for one in times if one is not None]
    return len(known) == len(times) and known == sorted(known)
