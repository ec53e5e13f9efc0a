"""Finds what a person means from a few of its letters."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """A match: the places of the letters, and how good it is (greater is better)."""

    places: tuple[int, ...]
    score: int


def fuzzy(needle: str, text: str) -> Found | None:
    """Where the letters of `needle` stand in `text`, in order; None when they do not.

    Each word of the needle is looked for as a whole first, at the start of a word if it can; only
    then letter by letter, so that "dep st" marks "Deploy web-shop to staging" as one would.
    """
    low = text.casefold() if len(text.casefold()) == len(text) else text.lower()
    places: list[int] = []
    score, at = 0, 0
    for word in needle.casefold().split():
        found = _word(word, low, at)
        if found is None:
            return None
        spots, worth = found
        places += spots
        score += worth
        at = spots[-1] + 1
    if places:
        score -= places[0] // 4 + len(text) // 16
    return Found(tuple(places), score)


def _word(word: str, low: str, at: int) -> tuple[list[int], int] | None:
    starts = [n for n in _all(word, low, at) if n == 0 or not low[n - 1].isalnum()]
    if starts:
        return list(range(starts[0], starts[0] + len(word))), 12 + 4 * len(word)
    inside = low.find(word, at)
    if inside >= 0:
        return list(range(inside, inside + len(word))), 4 + 3 * len(word)
    spots: list[int] = []
    worth = 0
    for letter in word:
        spot = _next(letter, low, at)
        if spot < 0:
            return None
        near = bool(spots) and spot == spots[-1] + 1
        begins = spot == 0 or not low[spot - 1].isalnum()
        worth += 2 if near else 1 if begins else -1
        spots.append(spot)
        at = spot + 1
    return spots, worth


def _all(word: str, low: str, at: int) -> list[int]:
    found: list[int] = []
    spot = low.find(word, at)
    while spot >= 0:
        found.append(spot)
        spot = low.find(word, spot + 1)
    return found


def _next(letter: str, low: str, at: int) -> int:
    """The letter at the start of a word when one is near, else the next one."""
    spot = low.find(letter, at)
    start = spot
    while start > 0 and low[start - 1].isalnum() and start - spot < 12:
        start = low.find(letter, start + 1)
    return start if start >= 0 and start - spot < 12 else spot
