"""What a measurement says."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """One row of build/bench.json. `better` is "lower" or "higher"; `target` is in `unit`."""

    name: str
    value: float
    unit: str
    target: float
    better: str
    how: str

    @property
    def met(self) -> bool:
        """Whether the target is reached."""
        return self.value <= self.target if self.better == "lower" else self.value >= self.target

    def row(self) -> dict[str, object]:
        """As JSON."""
        made = asdict(self)
        made["value"] = round(self.value, 3)
        return made


def seconds(work: Callable[[], object]) -> float:
    """How long a call takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def paired(
    ours: Callable[[], float], peer: Callable[[], float], rounds: int
) -> tuple[float, float, float]:
    """Take turns, so that a slow moment of the machine hits both.

    Both calls return seconds.

    Returns:
        (median ratio of the pairs, our median, the peer's median), the last two in seconds.
    """
    pairs = []
    for number in range(rounds):
        if number % 2:
            theirs, mine = peer(), ours()
        else:
            mine, theirs = ours(), peer()
        pairs.append((mine, theirs))
    return (
        statistics.median(mine / theirs for mine, theirs in pairs),
        statistics.median(mine for mine, _ in pairs),
        statistics.median(theirs for _, theirs in pairs),
    )
