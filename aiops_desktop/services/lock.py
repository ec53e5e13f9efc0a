"""The lock: what an operator's passphrase is checked against, and how often it may be tried."""

from __future__ import annotations

import json
import math
import os
import threading
import time
from collections.abc import Callable

from aiops_desktop.adapters.secrets import phrase
from aiops_desktop.domain.secrets import KeyLost
from aiops_desktop.domain.trouble import Failed, NotTrusted

#: Wrong answers before the pause, and its length in seconds.
TRIES, PAUSE = 5, 60.0
#: What these passphrases are sealed for, so that no other record opens with them.
_PURPOSE = "operator"


class Lock:
    """Checks passphrases; a few wrong ones bring a pause.

    It counts for this process only: the lock is against who passes by. Whoever can use the account
    can read the data folder without it.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: dict[int, int] = {}
        self._until: dict[int, float] = {}

    def sealed(self, passphrase: str) -> str:
        """What a passphrase is checked against: random bytes sealed under it; "" for none.

        Raises:
            Refused: it is too short.
            Missing: Argon2id is not there.
        """
        return phrase.wrap(passphrase, _PURPOSE, os.urandom(32)) if passphrase else ""

    def check(self, who: int, sealed: str, passphrase: str) -> None:
        """Whether it is the passphrase; takes as long when there is none to check against.

        Raises:
            NotTrusted: it is not, or there is a pause now.
            Failed: the record is damaged.
        """
        self._may_try(who)
        try:
            phrase.unwrap(passphrase, _PURPOSE, sealed or _nobodys())
        except KeyLost as error:
            raise Failed(
                "The record of this passphrase is damaged.", "An admin can set another one."
            ) from error
        except NotTrusted:
            raise self._count(who) from None
        with self._lock:
            self._wrong.pop(who, None)

    def _may_try(self, who: int) -> None:
        with self._lock:
            left = self._until.get(who, 0.0) - self._clock()
        if left > 0:
            raise NotTrusted(
                f"There were {TRIES} wrong answers. Wait {math.ceil(left)} seconds, then try again."
            )

    def _count(self, who: int) -> NotTrusted:
        with self._lock:
            count = self._wrong.get(who, 0) + 1
            left = TRIES - count
            self._wrong[who] = count if left else 0
            if not left:
                self._until[who] = self._clock() + PAUSE
        if not left:
            return NotTrusted("That was not it. The next try is possible after a minute.")
        tries = "1 try" if left == 1 else f"{left} tries"
        return NotTrusted(f"That was not it. {tries} left, then a minute's wait.")


def _nobodys() -> str:
    """A record no passphrase opens: the time it takes must not tell whether somebody is there."""
    costs = {"memory": phrase.MEMORY, "passes": phrase.PASSES, "lanes": phrase.LANES}
    return json.dumps({**costs, "salt": "A" * 24, "nonce": "A" * 16, "key": "A" * 64})
