"""The one exception that people see."""


class Problem(Exception):
    """A step that cannot go on: what is wrong, and what the reader can do about it.

    Commands print it without a traceback and exit with status 1.
    """

    def __init__(self, message: str, what_to_do: str = ""):
        super().__init__(message)
        self.message = message
        self.what_to_do = what_to_do

    def __str__(self) -> str:
        if not self.what_to_do:
            return self.message
        return f"{self.message}\n  What to do: {self.what_to_do}"
