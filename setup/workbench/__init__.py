"""The workbench: everything the commands in `setup/` need to prepare and run things.

A reader may start at `prepare.py` (what is prepared, in order) and `command.py`
(how a command gets its own virtual environment).
"""

import sys

if sys.version_info < (3, 10):  # noqa: UP036 (an older one reads this far)
    sys.exit("Python 3.10 or newer is needed.")
