"""A PostgreSQL server that may crash, because only one run works with it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from . import database, postgres
from .problem import Problem

SETTINGS = postgres.SETTINGS | {"synchronous_commit": "on", "full_page_writes": "on"}
"""What is committed survives a crash of the server, if not one of the machine."""


class ApartPostgres:
    """The server in a data folder; it runs until `crash`, and again after `start`."""

    def __init__(self, data: Path):
        self.data = data

    def start(self) -> None:
        """Start it; what a crash has left is recovered before anybody may connect."""
        postgres.start(self.data)

    def crash(self) -> None:
        """End it as a crash does: at once, nothing is finished and nothing is saved."""
        postgres.stop(self.data, "immediate")


@contextmanager
def moved(name: str) -> Iterator[ApartPostgres]:
    """Work with a copy of the database `name` on a server of its own.

    During the block the libpq variables point there, and the copy has the same name.
    Raises Problem when the copy cannot be made.
    """
    folder = Path(tempfile.mkdtemp(prefix="ac-pg-"))
    try:
        postgres.let_server_user_in(folder)
        folder.chmod(0o711)
        dump = folder / "dump"
        postgres.run("pg_dump", "-Fc", "-Z0", f"--file={dump}", name)
        server = ApartPostgres(_data_folder(folder))
        server.start()
        try:
            with _environment(server.data):
                _restore(dump, name)
                yield server
        finally:
            with suppress(Problem):  # it may be in the middle of a crash
                server.crash()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _data_folder(folder: Path) -> Path:
    data = folder / "data"
    data.mkdir()
    postgres.initialise(data, SETTINGS)
    return data


def _restore(dump: Path, name: str) -> None:
    database.create(name, None)
    postgres.run("pg_restore", "--no-owner", f"--dbname={name}", str(dump))
    dump.unlink()
    connection = postgres.connect(name)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()


@contextmanager
def _environment(data: Path) -> Iterator[None]:
    """Point the libpq variables at the server, and back at the other one afterwards."""
    before = {name: os.environ.pop(name) for name in [*os.environ] if name[:2] == "PG"}
    ours = {"PGHOST": str(postgres.socket_folder(data)), "PGUSER": postgres.USER}
    os.environ.update(ours)
    try:
        yield
    finally:
        for each in ours:
            del os.environ[each]
        os.environ.update(before)
