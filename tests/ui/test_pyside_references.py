"""The fault of PySide6 6.12 on Python 3.11 (docs/adr/0002): a lost reference at every emit."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject, Signal


class _Emitter(QObject):
    flagged = Signal(bool)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="booleans are immortal since Python 3.12")
def test_emitting_true_a_hundred_times_loses_no_reference() -> None:
    emitter = _Emitter()
    seen: list[bool] = []
    emitter.flagged.connect(lambda flag: seen.append(bool(flag)))
    emitter.flagged.emit(True)
    seen.clear()
    before = sys.getrefcount(True)
    for _ in range(100):
        emitter.flagged.emit(True)
    kept = len(seen)
    seen.clear()
    assert kept == 100
    assert sys.getrefcount(True) > before - 50
