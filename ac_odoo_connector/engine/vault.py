# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The one place that turns secrets into text that may be stored, and back.

Fernet keys are looked for in this order, and never in the database:

1. environment variable ``AC_ODOO_CONNECTOR_KEY``
2. ``key`` in the section ``[ac_odoo_connector]`` of odoo.conf
3. a file of mode 0600 beside the filestore, made on first use

Several keys separated by commas form a ring: the first one encrypts, all decrypt.
"""

import base64
import hashlib
import hmac
import logging
import os
from contextlib import suppress

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from odoo.tools import config

from ..compat import server_options

_logger = logging.getLogger(__name__)

ENVIRONMENT_VARIABLE = "AC_ODOO_CONNECTOR_KEY"


class VaultError(Exception):
    """The key is missing or wrong; the text tells a person what to do."""


def encrypt(secret, dbname):
    """Return the ciphertext (str) of `secret`; nothing for an empty one.

    :raise VaultError: no usable key
    """
    if not secret:
        return False
    return _ring(dbname).encrypt(secret.encode()).decode()


def decrypt(ciphertext, dbname):
    """Return the secret (str) of `ciphertext`; ``""`` for an empty one.

    :raise VaultError: no usable key, or another one than it was encrypted with
    """
    if not ciphertext:
        return ""
    try:
        return _ring(dbname).decrypt(ciphertext.encode()).decode()
    except InvalidToken:
        raise VaultError(
            "The stored secret was encrypted with another key. Restore the key of "
            f"{ENVIRONMENT_VARIABLE}, of odoo.conf or of the key file, or enter the "
            "secret again."
        ) from None


def sealer(dbname):
    """Return a function that gives the same text always the same ciphertext.

    For values that are compared with what was sent before. Its results are ordinary
    Fernet tokens (`decrypt` reads them) whose time is 0 and whose start is derived
    from key and text, so that equal texts, and only they, can be recognised.

    :raise VaultError: no usable key
    """
    _ring(dbname)  # a key that cannot be used is refused in words
    key = base64.urlsafe_b64decode(_keys(dbname).split(",")[0].strip())
    return lambda text: _sealed(key[:16], key[16:], text.encode())


def _sealed(signing, encrypting, raw):
    start = _hmac(signing, b"start of a sealed value" + raw)[:16]
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(encrypting), modes.CBC(start)).encryptor()
    body = encryptor.update(padder.update(raw) + padder.finalize())
    token = b"\x80" + bytes(8) + start + body + encryptor.finalize()  # Fernet's layout
    return base64.urlsafe_b64encode(token + _hmac(signing, token)).decode()


def _hmac(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()


def _keys(dbname):
    return (
        os.environ.get(ENVIRONMENT_VARIABLE)
        or server_options().get("key")
        or _key_of_file(dbname)
    )


def _ring(dbname):
    keys = _keys(dbname)
    try:
        return MultiFernet([Fernet(key.strip()) for key in keys.split(",")])
    except ValueError:
        raise VaultError(
            "The encryption key is not a Fernet key. Make one with: python3 -c "
            '"from cryptography.fernet import Fernet; '
            'print(Fernet.generate_key().decode())"'
        ) from None


def forget_key(dbname):
    """Delete the key file; a key of the environment or of odoo.conf is not ours."""
    with suppress(FileNotFoundError):
        os.unlink(_file_of(dbname))


def _file_of(dbname):
    return os.path.join(config["data_dir"], "ac_odoo_connector", f"{dbname}.key")


def _key_of_file(dbname):
    path = _file_of(dbname)
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        _make_key_file(path)
        with open(path) as file:
            return file.read()
    except OSError as error:
        raise VaultError(
            f"The key file {path} cannot be used: {error.strerror}. "
            f"Make it readable for Odoo or set {ENVIRONMENT_VARIABLE}."
        ) from error


def _make_key_file(path):
    """Write a new key unless there is one; safe when two workers try at once."""
    if os.path.exists(path):
        return
    draft = f"{path}.{os.getpid()}"
    with open(
        os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w"
    ) as file:
        file.write(Fernet.generate_key().decode())
    try:
        os.link(draft, path)
        _logger.warning("New encryption key in %s: back this file up.", path)
    except FileExistsError:
        _logger.info("Another worker has just made the encryption key.")
    finally:
        os.unlink(draft)
