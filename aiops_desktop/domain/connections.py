"""What a connection test found, step by step, as text that may be sent to anybody."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class StepState(StrEnum):
    """How a step went."""

    GOOD = "good"
    BAD = "bad"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class ConnectionStep:
    """One step.

    Attributes:
        title: such as "Name", "Connection", "Host key", "Keys", "Login", "Repository".
        detail: a sentence, without secrets.
        seconds: how long it took; 0 when it did not happen.
    """

    title: str
    state: StepState
    detail: str
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    """A whole test.

    Attributes:
        target: what was tested, as a person writes it.
        tenant: whose keys and hosts were used.
        offered: fingerprints of the keys that were offered, in order.
        accepted: the fingerprint of the key that opened, "" when none did.
        banner: what the server says of itself before or after the login, cut to 2,000 characters.
        hint: what to do when it failed; "" when it did not.
    """

    target: str
    tenant: str
    steps: tuple[ConnectionStep, ...]
    offered: tuple[str, ...] = ()
    accepted: str = ""
    banner: str = ""
    hint: str = ""

    @property
    def good(self) -> bool:
        """Every step went well."""
        return all(step.state is not StepState.BAD for step in self.steps)

    @property
    def text(self) -> str:
        """For Copy: the steps with their times, the keys by their fingerprints."""
        lines = [f"Connection test: {self.target} as {self.tenant}"]
        signs = {StepState.GOOD: "ok", StepState.BAD: "FAILED", StepState.SKIPPED: "-"}
        for step in self.steps:
            took = f"{step.seconds * 1000:.0f} ms" if step.seconds else ""
            lines.append(f"{signs[step.state]:7}{step.title:12}{took:>8}  {step.detail}".rstrip())
        if self.hint:
            lines.append(self.hint)
        if self.banner:
            lines += ["The server says:", *(f"  {line}" for line in self.banner.splitlines())]
        return "\n".join(lines)
