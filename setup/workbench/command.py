"""Starts a command: its own interpreter first, then its `main`."""

import importlib
import os
import signal
import sys
from pathlib import Path

from . import venv
from .problem import Problem

SETUP = Path(__file__).parents[1]


def launch(name: str) -> None:
    """Run `workbench.<name>.main(arguments)` inside the virtual environment.

    Exits with main's status; a Problem is printed without a traceback (status 1).
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        _enter_venv()
        # The client and the simulator, for the commands that use them.
        sys.path += [
            str(SETUP.parent / "ac_odoo_connector"),
            str(SETUP.parent / "tests"),
        ]
        sys.exit(importlib.import_module(f"workbench.{name}").main(sys.argv[1:]))
    except Problem as problem:
        sys.exit(f"\n{problem}")
    except KeyboardInterrupt:
        sys.exit(130)


def _enter_venv() -> None:
    """Replace this process by the same command under the venv's interpreter."""
    interpreter = venv.python()
    if Path(sys.prefix) == interpreter.parents[1]:
        return
    os.execv(interpreter, [str(interpreter), *sys.argv])
