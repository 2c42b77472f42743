"""Programs of Debian's packages, installed where we are root."""

import functools
import os
import shutil
import subprocess

from .cache import say


@functools.cache
def found(package: str, *names: str) -> str | None:
    """The path of the first program of `names` that is here, else of what Debian's
    `package` brings; None when there is none and it cannot be installed."""
    return _present(names) or (_install(package) and _present(names)) or None


def _present(names: tuple[str, ...]) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


def _install(package: str) -> bool:
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return False
    say(f"Installing {package} with apt-get …")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "--no-install-recommends", package]
    for command in (["apt-get", "update"], install):
        done = subprocess.run(command, env=quiet, capture_output=True, text=True)
        if done.returncode:
            say(f"{' '.join(command)} failed: {done.stderr.strip()[-500:]}")
            return False
    return True
