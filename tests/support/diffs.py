"""Diffs for tests, made from two texts."""

from __future__ import annotations

from difflib import SequenceMatcher

from aiops_desktop.domain.repositories import DiffLine, FileDiff, FileState, Hunk


def diff_of(path: str, before: str, after: str, around: int = 3) -> FileDiff:
    """The diff between two texts, as the git adapter gives it."""
    old, new = before.split("\n"), after.split("\n")
    hunks = []
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(around):
        lines: list[DiffLine] = []
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                pairs = zip(range(i1, i2), range(j1, j2), strict=True)
                lines += [DiffLine(" ", i + 1, j + 1, old[i]) for i, j in pairs]
                continue
            lines += [DiffLine("-", i + 1, None, old[i]) for i in range(i1, i2)]
            lines += [DiffLine("+", None, j + 1, new[j]) for j in range(j1, j2)]
        first, last = group[0], group[-1]
        hunks.append(
            Hunk(
                first[1] + 1,
                last[2] - first[1],
                first[3] + 1,
                last[4] - first[3],
                _context(old, first[1]),
                tuple(lines),
            )
        )
    return FileDiff(path, FileState.MODIFIED, tuple(hunks), before=before, after=after)


def _context(lines: list[str], before: int) -> str:
    for text in reversed(lines[:before]):
        if text.lstrip().startswith(("def ", "class ", "- name:")):
            return text.strip()
    return ""
