"""Ends a test run that takes the machine's memory, before the machine does nothing else."""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
import time
from pathlib import Path

#: Bytes of resident memory no test has a use for (the largest one stays below 1 GB).
MOST = 5_000_000_000
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def watch() -> None:
    """Look twice a second, in a thread of its own; on Linux, where /proc tells."""
    if Path("/proc/self/statm").exists():
        threading.Thread(target=_look, name="memory guard", daemon=True).start()


def _look() -> None:
    while int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE < MOST:
        time.sleep(0.5)
    print("A test took more than 5 GB of memory; this is where it was:", file=sys.__stderr__)
    faulthandler.dump_traceback()
    os._exit(70)
