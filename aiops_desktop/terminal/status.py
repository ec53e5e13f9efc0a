"""Status strings: the present settings and capabilities, as sequences that would make them."""

from __future__ import annotations

from aiops_desktop.terminal import styles
from aiops_desktop.terminal.reports import Reporting

#: Capabilities of terminfo that XTGETTCAP tells.
_CAPABILITIES = {
    "TN": "xterm-256color",
    "name": "xterm-256color",
    "Co": "256",
    "colors": "256",
    "RGB": "8/8/8",
    "Tc": "",
    "Su": "",
    "Ss": "\x1b[%p1%d q",
    "Se": "\x1b[2 q",
    "Smulx": "\x1b[4:%p1%dm",
    "Setulc": "\x1b[58:2::%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%dm",
}
_NAMES_MOST = 32


class Status(Reporting):
    """Answers DECRQSS, XTGETTCAP and DECRQPSR."""

    def report_setting(self, setting: str) -> None:
        """DECRQSS: answers with the sequence that would make the present setting."""
        known = {
            "m": f"{styles.sgr(self.pen)}m",
            "r": f"{self.top + 1};{self.bottom + 1}r",
            "s": f"{self.left + 1};{self.right + 1}s",
            " q": f"{self.cursor_style or 1} q",
            '"q': f'{int(self.protecting)}"q',
            '"p': f'6{self.level};1"p' if self.level > 1 else '61"p',
            "t": f"{self.lines}t",
            "$|": f"{self.columns}$|",
            "*|": f"{self.lines}*|",
            "*x": f"{self.attribute_extent}*x",
            # There is no status line.
            "$}": "0$}",
            "$~": "0$~",
            ">m": f">4;{self.modify_other_keys}m",
        }
        answer = f"1$r{known[setting]}" if setting in known else "0$r"
        self.write_process_input(f"\x1bP{answer}\x1b\\")

    def report_capabilities(self, names: str) -> None:
        """XTGETTCAP: names in hexadecimal; answers end with the first unknown one, as xterm's."""
        for name in names.split(";")[:_NAMES_MOST]:
            known = _CAPABILITIES.get(_text(name))
            if known is None:
                self.write_process_input("\x1bP0+r\x1b\\")
                return
            value = f"={known.encode().hex().upper()}" if known else ""
            self.write_process_input(f"\x1bP1+r{name}{value}\x1b\\")

    def report_presentation(self, kind: int = 0) -> None:
        """DECRQPSR: the cursor (1, DECCIR) or the tab stops (2, DECTABSR)."""
        if kind == 1:
            look = self.pen.flags
            rendition = 0x40 | bool(look & styles.BOLD) | bool(look & styles.UNDERLINES) << 1
            rendition |= bool(look & styles.BLINK) << 2 | bool(look & styles.REVERSE) << 3
            waits = self.wraps_next or self.x >= self.columns
            flags = 0x40 | self.origin | waits << 3
            line, column = self.place
            sets = "".join(code.lstrip("-") for code in self.sets)
            sizes = 0x40 | sum(code.startswith("-") << at for at, code in enumerate(self.sets))
            body = (
                f"{line};{column};1;{chr(rendition)};{chr(0x40 | self.protecting)};{chr(flags)};"
                f"{self.shift};2;{chr(sizes)};{sets}"
            )
            self.write_process_input(f"\x1bP1$u{body}\x1b\\")
        elif kind == 2:
            stops = "/".join(str(stop + 1) for stop in sorted(self.tabstops) if stop < self.columns)
            self.write_process_input(f"\x1bP2$u{stops}\x1b\\")


def _text(name: str) -> str:
    try:
        return bytes.fromhex(name[:64]).decode("ascii", "replace")
    except ValueError:
        return ""
