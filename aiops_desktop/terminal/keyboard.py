"""What programs ask of the keyboard: modifyOtherKeys and kitty's protocol.

https://sw.kovidgoyal.net/kitty/keyboard-protocol/: the main and the alternate screen each have a
stack of flags. Of the flags, 1 (disambiguate) and 2 (event types) are offered.
"""

from __future__ import annotations

from aiops_desktop.terminal.lettering import Lettering

_OFFERED = 1 | 2
_STACK_MOST = 16


class Keyboard(Lettering):
    """Remembers how keys are to be reported.

    Attributes:
        modify_other_keys: xterm's resource, 0 to 2.
    """

    def reset(self) -> None:
        """RIS."""
        super().reset()
        self.modify_other_keys = 0
        # The flags in force are the last ones.
        self._kitty: dict[bool, list[int]] = {False: [0], True: [0]}

    def set_key_modifiers(self, resource: int = 0, value: int = 0) -> None:
        """XTMODKEYS; only modifyOtherKeys (4) is kept. Without parameters: as at the start."""
        if resource in (0, 4):
            self.modify_other_keys = min(value, 2) if resource else 0

    def forget_key_modifiers(self, resource: int = 0) -> None:
        """XTMODKEYS' counterpart `CSI > 4 n`: not reported at all."""
        if resource == 4:
            self.modify_other_keys = 0

    @property
    def kitty_flags(self) -> int:
        """The flags in force on the screen that shows."""
        return self._kitty[self.alternate][-1]

    def push_kitty_flags(self, flags: int = 0) -> None:
        """Put flags in force until they are popped; the oldest are forgotten."""
        stack = self._kitty[self.alternate]
        stack.append(flags & _OFFERED)
        del stack[: -_STACK_MOST - 1]

    def pop_kitty_flags(self, count: int = 1) -> None:
        """Back to the flags before; none when the stack is empty."""
        stack = self._kitty[self.alternate]
        del stack[-min(count or 1, len(stack)) :]
        if not stack:
            stack.append(0)

    def set_kitty_flags(self, flags: int = 0, how: int = 1) -> None:
        """Set exactly these (1), these too (2), or all but these (3)."""
        stack = self._kitty[self.alternate]
        given = flags & _OFFERED
        if how in (0, 1):
            stack[-1] = given
        elif how == 2:
            stack[-1] |= given
        elif how == 3:
            stack[-1] &= ~given
