"""TCP ports on this machine."""

import socket

from .cache import say
from .problem import Problem

HOST = "127.0.0.1"


def choose(asked: int | None, usual: int) -> int:
    """The port `asked` for, else the `usual` one, else any that is free.

    Raises Problem when the one asked for is taken.
    """
    if asked is not None:
        if not is_free(asked):
            raise Problem(
                f"Port {asked} is taken by another program.",
                "stop it, or give another --port.",
            )
        return asked
    if is_free(usual):
        return usual
    found = free()
    say(f"Port {usual} is taken; using {found}.")
    return found


def is_free(port: int) -> bool:
    """Whether nobody listens on `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]
