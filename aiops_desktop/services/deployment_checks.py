"""The checklist behind the Test button of the Semaphore settings."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from aiops_desktop.domain.deployments import CheckStep
from aiops_desktop.domain.trouble import Trouble

if TYPE_CHECKING:
    from aiops_desktop.adapters.semaphore import Semaphore
    from aiops_desktop.domain.settings import Semaphore as SemaphoreSettings

_TITLES = (
    "The address is reached",
    "It is a Semaphore server",
    "The token is accepted",
    "The default project is visible",
)


class _Broken(Exception):
    """A step failed; the rest is not reached."""


def check_server(
    saved: SemaphoreSettings,
    values: Mapping[str, object],
    token: str,
    connect: Callable[[str, str, bool, float], Semaphore],
) -> list[CheckStep]:
    """Try the settings step by step, in the order in which things fail; never raises Trouble."""

    def value(name: str) -> object:
        default = getattr(saved, name)
        return values.get(f"semaphore.{name}", values.get(name, default))

    steps: list[CheckStep] = []

    def step(work: Callable[[], str]) -> None:
        try:
            steps.append(CheckStep(_TITLES[len(steps)], True, work()))
        except Trouble as trouble:
            steps.append(CheckStep(_TITLES[len(steps)], False, str(trouble)))
            raise _Broken from trouble

    with contextlib.suppress(_Broken):
        _walk(step, value, token, connect)
    return steps + [CheckStep(title, None) for title in _TITLES[len(steps) :]]


def _walk(
    step: Callable[[Callable[[], str]], None],
    value: Callable[[str], object],
    token: str,
    connect: Callable[[str, str, bool, float], Semaphore],
) -> None:
    found: list[Semaphore] = []
    pong = False

    def reach() -> str:
        nonlocal pong
        timeout = float(str(value("http_timeout")))
        tls = str(value("verify_tls")).lower() in {"true", "1", "yes", "on"}
        found.append(connect(str(value("base_url")), token, tls, timeout))
        pong = found[0].reach()
        return found[0].server

    def recognise() -> str:
        if not pong:
            found[0].projects()  # says what answers there instead
        try:
            version = found[0].version()
        except Trouble:
            return ""  # the version is only told to whom the token is known
        return f"Version {version.text}" if version.text else "Version not told"

    def project() -> str:
        text = str(value("default_project_id")).strip() or "0"
        number = int(text) if text.lstrip("-").isdecimal() else 0
        if not number:
            return "None is set; each project names its own."
        return found[0].project(number) or f"Project {number}"

    step(reach)
    step(recognise)
    step(lambda: f"As {found[0].user()}")
    step(project)
