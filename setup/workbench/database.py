"""Databases: templates that are made once, and clones of them for each run."""

import os
import platform
import shutil
from collections.abc import Callable
from pathlib import Path

from psycopg2 import sql

from . import cache, postgres

KEPT_ADDON_TEMPLATES = 3


def exists(name: str) -> bool:
    """Whether the server has a database of this name."""
    return bool(_query("SELECT 1 FROM pg_database WHERE datname = %s", name))


def template(name: str, base: str | None, fill: Callable[[str], None]) -> str:
    """The template database `name`: a clone of `base` that `fill(database)` completed.

    It gets its name when it is complete; what an interrupted run left is dropped.
    """
    if exists(name):
        return name
    with cache.lock(f"database-{name}"):
        if not exists(name):
            making = f"{name}_making"
            for leftover in (making, name):
                drop(leftover)
            create(making, base)
            fill(making)
            _rename(making, name)
    return name


def create(name: str, base: str | None) -> None:
    """Make the database `name`, empty or as a clone of `base` with its files."""
    with cache.lock("database-clone"):
        statement = "CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE {}"
        _execute(statement, name, base or "template0")
    if base and filestore(base).exists():
        shutil.copytree(filestore(base), filestore(name), copy_function=os.link)


def drop(name: str) -> None:
    """Remove the database `name` with its files, whoever is connected."""
    _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    shutil.rmtree(filestore(name), ignore_errors=True)


def filestore(name: str) -> Path:
    """Where Odoo keeps the files of the database `name`."""
    return data_folder() / "filestore" / name


def data_folder() -> Path:
    """Odoo's data folder for all our databases, one per PostgreSQL server."""
    server = (os.environ.get("PGHOST"), os.environ.get("PGPORT"))
    folder = cache.root() / f"odoo-data-{cache.fingerprint(*server)}"
    folder.mkdir(exist_ok=True)
    return folder


def prune(prefix: str, keep: int = KEPT_ADDON_TEMPLATES) -> None:
    """Drop all but the newest `keep` databases whose name starts with `prefix`."""
    for name in _names(prefix)[keep:]:
        drop(name)


def run_name(number: int) -> str:
    """A name for the database number `number` of this process on this machine."""
    return f"{_run_prefix()}{os.getpid()}_{number}"


def drop_abandoned() -> None:
    """Drop the databases of this machine's runs that ended without cleaning up."""
    prefix = _run_prefix()
    for name in _names(prefix):
        process = name.removeprefix(prefix).split("_")[0]
        if not Path(f"/proc/{process}").exists():
            drop(name)


def _rename(name: str, new: str) -> None:
    if filestore(name).exists():
        filestore(name).rename(filestore(new))
    _execute("ALTER DATABASE {} RENAME TO {}", name, new)


def _query(statement: str, *values: str) -> list[tuple]:
    connection = postgres.connect()
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    connection.close()
    return rows


def _execute(statement: str, *names: str) -> None:
    connection = postgres.connect()
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
    connection.close()


def _run_prefix() -> str:
    return f"ac_run_{cache.fingerprint(platform.node())}_"


def _names(prefix: str) -> list[str]:
    """The databases whose name starts with `prefix`, newest first."""
    rows = _query(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) "
        "ORDER BY oid DESC",
        prefix,
    )
    return [name for (name,) in rows]
