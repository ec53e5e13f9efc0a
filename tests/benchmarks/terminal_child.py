"""What runs inside a terminal that is measured: prints a file, and waits until it was taken in.

Arguments: the file, where to write the seconds it took and the grid's size, and a tmux socket's
name or "-" for none. The end is when the terminal answered where its cursor is, behind all output.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import termios
import time
import tty
from pathlib import Path


def main() -> None:
    big, out, socket = sys.argv[1:4]
    size = _settled()
    before = termios.tcgetattr(0)
    if socket == "-":
        begun = time.monotonic()
        subprocess.run(["cat", big], check=False)
    else:
        # The client's own start is not measured: the time begins inside.
        inner = f"import time,subprocess; b=time.monotonic(); subprocess.run(['cat', {big!r}]); "
        inner += f"open({out + '.begun'!r}, 'w').write(str(b))"
        script = Path(out + ".py")
        script.write_text(inner)
        tmux = ["tmux", "-f", "/dev/null", "-L", socket, "new-session"]
        subprocess.run([*tmux, f"{sys.executable} -I -S {script}"], check=False)
        begun = float(Path(out + ".begun").read_text())
    tty.setcbreak(0)
    os.write(1, b"\x1b[6n")
    answer = b""
    while not answer.endswith(b"R"):
        answer += os.read(0, 1)
    took = time.monotonic() - begun
    termios.tcsetattr(0, termios.TCSADRAIN, before)
    said = json.dumps({"took": took, "columns": size.columns, "rows": size.lines})
    Path(out + ".new").write_text(said)
    Path(out + ".new").rename(out)


def _settled() -> os.terminal_size:
    """The grid's size once the terminal stopped choosing one."""
    size, since = os.get_terminal_size(0), time.monotonic()
    while not size.columns or time.monotonic() < since + 0.3:
        time.sleep(0.01)
        now = os.get_terminal_size(0)
        if now != size:
            size, since = now, time.monotonic()
    return size


if __name__ == "__main__":
    main()
