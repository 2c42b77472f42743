"""The workbench: everything the commands in `setup/` need to prepare and run things.

A reader may start at `prepare.py` (what is prepared, in order) and `command.py`
(how a command gets its own virtual environment).
"""
