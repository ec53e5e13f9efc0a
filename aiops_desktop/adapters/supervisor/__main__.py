"""`python -m aiops_desktop.adapters.supervisor FOLDER`."""

from __future__ import annotations

import sys

from aiops_desktop.adapters.supervisor import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
