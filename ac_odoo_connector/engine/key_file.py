# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The file of mode 0600 beside the filestore that may hold the vault's keys.

It is read whenever a key is needed, so all workers of a host use a changed ring at once,
and replaced as a whole, so nobody ever reads half of it. Every function may raise
`OSError`; the vault puts it into words.
"""

import logging
import os
import stat
import tempfile
from contextlib import contextmanager, suppress
from functools import cache

from cryptography.fernet import Fernet

from odoo.tools import config

_logger = logging.getLogger(__name__)

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def path_of(dbname):
    """Return where the keys of a database are, whether the file exists or not."""
    return os.path.join(config["data_dir"], "ac_odoo_connector", f"{dbname}.key")


def read(dbname):
    """Return the keys, separated by commas.

    :raise FileNotFoundError: nothing was ever encrypted here, or the file is lost
    """
    path = path_of(dbname)
    with open(path) as file:
        _look_at(path, stat.S_IMODE(os.fstat(file.fileno()).st_mode))
        return file.read()


@cache
def _look_at(path, mode):
    """Warn, once a process, of a file that was copied without its mode. It is used: a
    restored key must not stop an account."""
    if mode & OTHERS:
        _logger.warning(
            "Others can read the encryption key %s (mode %o): chmod 600 it.", path, mode
        )


def make(dbname):
    """Write a new key unless there is one; safe when two workers try at once."""
    path = path_of(dbname)
    if os.path.exists(path):
        return
    with _draft(path, Fernet.generate_key().decode()) as draft:
        try:
            os.link(draft, path)
            _store(os.path.dirname(path))
            _logger.warning("New encryption key in %s: back this file up.", path)
        except FileExistsError:
            _logger.info("Another worker has just made the encryption key.")


def add_key(dbname):
    """Put a new key in front: it encrypts from now on, the others still decrypt."""
    path = path_of(dbname)
    _replace(path, f"{Fernet.generate_key().decode()},{read(dbname).strip()}")
    _logger.warning("A new encryption key was added to %s: back this file up.", path)


def keep_first_key(dbname):
    """Take all keys but the first one away."""
    _replace(path_of(dbname), read(dbname).split(",")[0].strip())


def forget(dbname):
    """Delete the file."""
    with suppress(FileNotFoundError):
        os.unlink(path_of(dbname))


def _replace(path, content):
    """Give the file another content and leave it to whom it belongs: somebody else may
    be at Odoo's shell."""
    owner = os.stat(path)
    with _draft(path, content) as draft:
        os.chown(draft, owner.st_uid, owner.st_gid)
        os.replace(draft, path)
        _store(os.path.dirname(path))


@contextmanager
def _draft(path, content):
    """Yield the path of a complete file: on the disk before anything is encrypted with
    it, because the database may survive a crash that the file would not."""
    folder = os.path.dirname(path)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=folder)  # mode 0600
    try:
        with open(handle, "w") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        with suppress(FileNotFoundError):
            os.unlink(draft)


def _store(folder):
    """Have the disk remember which files a folder holds."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
