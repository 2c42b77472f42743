"""The folder that keeps what is prepared once: $AC_WORKBENCH, or the user's cache.

Nothing in it is ever half made: an artefact is built in a temporary folder beside its
place and renamed when it is complete. Commands that want the same thing wait for each
other on file locks, which the kernel drops with their process.
"""

import fcntl
import hashlib
import os
import shutil
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .problem import Problem

DOWNLOAD_TRIES = 3
PAUSE = 2.0  # seconds between two tries
CHUNK = 1 << 20
LOGS_KEPT = 24 * 3600  # seconds


def say(text: str) -> None:
    """Tell the person at the terminal what is going on (standard error)."""
    print(f"· {text}", file=sys.stderr, flush=True)


def root() -> Path:
    """The cache folder, made if needed.

    Raises Problem when it cannot be made or written to.
    """
    chosen = os.environ.get("AC_WORKBENCH")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(chosen) if chosen else Path(base) / "ac_odoo_connector"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Problem(
            f"The cache folder {folder} cannot be written: {error.strerror}.",
            "point AC_WORKBENCH at a folder that this user may write to.",
        ) from error
    return folder.resolve()


@contextmanager
def lock(name: str) -> Iterator[None]:
    """Hold the lock `name`; wait, and say so, while another command holds it."""
    folder = root() / "locks"
    folder.mkdir(exist_ok=True)
    with open(folder / name, "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Waiting for another command that prepares {name} …")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def made(name: str, make: Callable[[Path], None]) -> Path:
    """The folder `name` of the cache; `make(temporary_folder)` fills it the first time.

    A run that was interrupted leaves only a `.making` folder, which the next one
    throws away.
    """
    place = root() / name
    if place.exists():
        return place
    with lock(name):
        if place.exists():
            return place
        making = place.with_name(f"{name}.making")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir()
        make(making)
        making.rename(place)
    return place


def log_file(name: str) -> Path:
    """Where the log `name` is kept; those of runs of the days before are thrown away."""
    folder = root() / "logs"
    folder.mkdir(exist_ok=True)
    for old in folder.glob("ac_run_*.log"):
        if time.time() - old.stat().st_mtime > LOGS_KEPT:
            old.unlink(missing_ok=True)
    return folder / f"{name}.log"


def download(url: str, target: Path, sha256: str | None = None) -> Path:
    """Fetch `url` into `target`, checked against `sha256` when one is given.

    Raises Problem when it cannot be fetched or its checksum is wrong.
    """
    part = target.with_name(f"{target.name}.part")
    for left in reversed(range(DOWNLOAD_TRIES)):
        try:
            found = _fetch(url, part)
            break
        except (OSError, urllib.error.URLError) as error:
            if left == 0 or getattr(error, "code", 500) < 500:
                raise Problem(
                    f"{url} could not be fetched: {error}.",
                    "check the network and run the command again.",
                ) from error
            time.sleep(PAUSE)
    if sha256 and found != sha256:
        part.unlink()
        raise Problem(
            f"{url} has the checksum {found}, not {sha256}.",
            "the mirror may be in the middle of an update: try again in an hour.",
        )
    return part.rename(target)


def _fetch(url: str, part: Path) -> str:
    """Store the body of `url` in `part`; its SHA256 in hexadecimal."""
    digest = hashlib.sha256()
    with urllib.request.urlopen(url, timeout=60) as answer, open(part, "wb") as out:
        while chunk := answer.read(CHUNK):
            digest.update(chunk)
            out.write(chunk)
        announced = answer.headers.get("Content-Length")
        if announced and out.tell() != int(announced):
            raise OSError("the connection broke off")
    return digest.hexdigest()


def fingerprint(*parts: object) -> str:
    """Twelve hexadecimal digits that stand for `parts`."""
    text = "\0".join(str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
