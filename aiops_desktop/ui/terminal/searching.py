"""Searching in a terminal: the bar, the matches as they come, and the one being looked at."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from aiops_desktop.ui.terminal.linking import LinkingView
from aiops_desktop.ui.terminal.search import Match, Search
from aiops_desktop.ui.terminal.search_bar import SearchBar
from aiops_desktop.ui.terminal.selection import Selection

#: Milliseconds between slices, and after output until its matches are shown.
_PAUSE, _AFTER_OUTPUT = 0, 100
#: Slices between two paintings of matches while much is still to be searched.
_SHOWN_EACH = 12
_LONGEST_PREFILL = 200


class SearchingView(LinkingView):
    """A view one can search in, while it goes on being written to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search_bar = SearchBar(self)
        self._search: Search | None = None
        self._current: tuple[int, int] | None = None  # the place of the match looked at
        self._matches: list[Match] = []
        self._slices = 0
        self._alternate = False
        self._search_timer = QTimer(self)
        self._search_timer.setSingleShot(True)
        self._search_timer.timeout.connect(self._search_on)
        self.search_bar.wanted.connect(self._search_anew)
        self.search_bar.stepWanted.connect(self._search_step)
        self.search_bar.closed.connect(self.close_search)
        self.gridResized.connect(self._search_resized)

    @property
    def searching(self) -> bool:
        """Whether the search is open."""
        return not self.search_bar.isHidden()

    def toggleShowSearchBar(self) -> None:
        """Open the search with what is selected, or close it."""
        if self.searching:
            self.close_search()
            return
        text = self.selectedText()
        fits = len(text) <= _LONGEST_PREFILL and "\n" not in text
        self.search_bar.open(text if fits else "")
        self._search_anew()

    def close_search(self) -> None:
        """End the search; the match that was looked at stays selected."""
        match = self._match_at(self._current)
        self.search_bar.remember()
        self.search_bar.hide()
        self._search_timer.stop()
        self._search, self._current, self._matches = None, None, []
        self.set_matches(())
        if match is not None:
            first, last = match.spans[0], match.spans[-1]
            self._select(Selection(first[:2], (last[0], last[2])))
        self.setFocus()

    def search_again(self) -> None:
        """Something was written: look at it soon."""
        if self._search is None:
            return
        if self._alternate != self.emulator.modes.alternate_screen:
            self._search_anew()
        elif not self._search_timer.isActive():
            self._search_timer.start(_AFTER_OUTPUT)

    def _search_resized(self, _columns: int, _rows: int) -> None:
        if self._search is not None:
            self._current = None  # lines have other numbers now
            self._search_anew()

    def _search_anew(self) -> None:
        asked = self.search_bar.asked
        self._alternate = self.emulator.modes.alternate_screen
        self._search = Search(asked, self.line) if asked.text and self.searching else None
        self._slices = 0
        if self._search is None or self._search.pattern.error:
            self._current, self._matches = None, []
            self._search_timer.stop()
            self.set_matches(())
            error = self._search.pattern.error if self._search else ""
            self.search_bar.say(0, 0, error=error)
            return
        self._search_on()

    def _search_on(self) -> None:
        """One slice."""
        if self._search is None:
            return
        emulator = self.emulator
        pushed = emulator.history.pushed
        first = pushed if self._alternate else self.first_line
        if self._search.step(first, pushed, emulator.rows):
            self._slices = 0
            self._show_matches(done=True)
            return
        self._slices += 1
        if self._slices % _SHOWN_EACH == 0:
            self._show_matches(done=False)
        self._search_timer.start(_PAUSE)

    def _show_matches(self, *, done: bool) -> None:
        if self._search is None:
            return
        same = self._matches == self._search.matches
        self._matches = self._search.matches
        if same and done and self._match_at(self._current) is not None:
            return
        if done and self._match_at(self._current) is None:
            nearest = self._nearest()
            self._current = nearest.place if nearest else None
            if nearest:
                self.scroll_to_line(nearest.place[0])
        self._paint_matches()

    def _nearest(self) -> Match | None:
        """The last match that is not below what is seen, else the first one below."""
        bottom = self.top_line + self.emulator.rows
        above = [match for match in self._matches if match.place[0] < bottom]
        return above[-1] if above else self._matches[0] if self._matches else None

    def _match_at(self, place: tuple[int, int] | None) -> Match | None:
        return next((match for match in self._matches if match.place == place), None)

    def _paint_matches(self) -> None:
        spans = [span for match in self._matches for span in match.spans]
        current, at = -1, -1
        for number, match in enumerate(self._matches):
            if match.place == self._current:
                at, current = number, spans.index(match.spans[0])
                break
        self.set_matches(spans, current)
        more = self._search is not None and self._search.full
        self.search_bar.say(max(at, 0), len(self._matches), more=more)

    def _search_step(self, step: int) -> None:
        """Look at the next or the previous match."""
        self.search_bar.remember()
        places = [match.place for match in self._matches]
        if not places:
            return
        at = places.index(self._current) + step if self._current in places else -1
        if self.search_bar.wrap.isChecked():
            at %= len(places)
        at = max(0, min(at, len(places) - 1))
        self._current = places[at]
        self.scroll_to_line(places[at][0])
        self._paint_matches()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The bar stays in its corner."""
        super().resizeEvent(event)
        self.search_bar.place()
