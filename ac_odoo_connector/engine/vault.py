# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The one place that turns secrets into text that may be stored, and back.

Fernet keys are looked for in this order, and never in the database:

1. environment variable ``AC_ODOO_CONNECTOR_KEY``
2. ``key`` in the section ``[ac_odoo_connector]`` of odoo.conf
3. a file of mode 0600 beside the filestore, made on first use

Several keys separated by commas form a ring: the first one encrypts, all decrypt. What
belongs to all secrets of a database together is in `ring.py`.
"""

import base64
import hashlib
import hmac
import os

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from ..compat import server_options
from . import key_file

ENVIRONMENT_VARIABLE = "AC_ODOO_CONNECTOR_KEY"
ENVIRONMENT, OPTION, FILE = "environment", "option", "file"


class VaultError(Exception):
    """The key is missing or wrong; the text tells a person what to do."""


class KeyMissing(VaultError):
    """There is no key at all: its file is lost."""


class WrongKey(VaultError):
    """There is a key, but not the one of this secret."""


def encrypt(secret, dbname):
    """Return the ciphertext (str) of `secret`; nothing for an empty one.

    Makes the key file where there is no key at all: `ring.check` comes first, so that a
    lost file is not taken for one that never was.

    :raise VaultError: no usable key
    """
    if not secret:
        return False
    if source() == FILE:
        _on_file(key_file.make, dbname)
    return _ring(dbname).encrypt(secret.encode()).decode()


def decrypt(ciphertext, dbname):
    """Return the secret (str) of `ciphertext`; ``""`` for an empty one.

    :raise VaultError: no usable key, or another one than it was encrypted with
    """
    return _decrypted(ciphertext, dbname, _ring) if ciphertext else ""


def is_current(ciphertext, dbname):
    """Whether the first key of the ring alone can read a secret.

    :raise VaultError: no usable key
    """
    try:
        return bool(_decrypted(ciphertext, dbname, _first))
    except WrongKey:
        return False


def _decrypted(ciphertext, dbname, keys):
    try:
        return keys(dbname).decrypt(ciphertext.encode()).decode()
    except InvalidToken:
        raise WrongKey(
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
    key = base64.urlsafe_b64decode(_keys(dbname)[0])
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


# Where the keys are -----------------------------------------------------------------


def source():
    """Return where the keys come from: ENVIRONMENT, OPTION (odoo.conf) or FILE."""
    if os.environ.get(ENVIRONMENT_VARIABLE):
        return ENVIRONMENT
    return OPTION if server_options().get("key") else FILE


def count_keys(dbname):
    """Return how many keys the ring has.

    :raise VaultError: no usable key
    """
    _ring(dbname)
    return len(_keys(dbname))


def add_key(dbname):
    """Put a new key in front of the file's; keys of elsewhere are a person's to change.

    :raise VaultError: the keys are elsewhere and there is only one, or the file cannot
        be written
    """
    if source() == FILE:
        _on_file(key_file.add_key, dbname)
    elif count_keys(dbname) < 2:
        raise VaultError(
            "There is only one key. Make a second one and put it first, “new,old”, into "
            f"{_place()}, on every host; restart Odoo and rotate again. {_HOW_TO_MAKE}"
        )


def forget_old_keys(dbname):
    """Take all keys but the first one out of the file.

    :raise VaultError: the keys are elsewhere, or the file cannot be written
    """
    if source() != FILE:
        raise VaultError(
            f"The keys are in {_place()}. Take the old ones out there, on every host, "
            "and restart Odoo."
        )
    _on_file(key_file.keep_first_key, dbname)


def forget_key(dbname):
    """Delete the key file; a key of the environment or of odoo.conf is not ours."""
    key_file.forget(dbname)


def _place():
    return ENVIRONMENT_VARIABLE if source() == ENVIRONMENT else "key of odoo.conf"


_HOW_TO_MAKE = (
    'Make one with: python3 -c "from cryptography.fernet import Fernet; '
    'print(Fernet.generate_key().decode())"'
)


def _ring(dbname):
    return MultiFernet(_fernets(dbname))


def _first(dbname):
    return _fernets(dbname)[0]


def _fernets(dbname):
    try:
        return [Fernet(key) for key in _keys(dbname)]
    except ValueError:
        raise VaultError(
            f"The encryption key is not a Fernet key. {_HOW_TO_MAKE}"
        ) from None


def _keys(dbname):
    keys = (
        os.environ.get(ENVIRONMENT_VARIABLE)
        or server_options().get("key")
        or _on_file(key_file.read, dbname)
    )
    return [key.strip() for key in keys.split(",")]


def _on_file(work, dbname):
    try:
        return work(dbname)
    except FileNotFoundError:
        raise KeyMissing(
            f"The encryption key is missing: there is no file {_file_of(dbname)}. "
            f"Restore it from a backup, or set {ENVIRONMENT_VARIABLE}."
        ) from None
    except OSError as error:
        raise VaultError(
            f"The key file {_file_of(dbname)} cannot be used: {error.strerror}. "
            f"Make it readable for Odoo or set {ENVIRONMENT_VARIABLE}."
        ) from error


_file_of = key_file.path_of
