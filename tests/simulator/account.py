"""The state of one simulated account. It knows nothing of HTTP."""

import pickle
import random
import time
import uuid

from .errors import missing
from .kinds import KINDS
from .moments import written
from .table import Table


def number(value):
    """An id or amount from outside as an integer; 0 when it is none."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


class Account:
    """Tables of records, a clock that can be moved, and a seeded source of chance.

    `listener(account, type, source, parts, listid)` is told of every event that could send a
    webhook; `settings` are the account-wide switches.
    """

    def __init__(self, options, seed=1, listener=None):
        self.options = options
        self.random = random.Random(seed)
        self.listener = listener
        self.offset = 0.0
        self.tables = {name: Table(kind.unique) for name, kind in KINDS.items()}
        self.imports = {}
        self.settings = {"eventTracking": True, "siteTracking": False}

    # ------------------------------------------------------------------ records

    def __getitem__(self, plural):
        return self.tables[plural]

    def add(self, plural, **values):
        """Store a new record and return it."""
        return self.tables[plural].add(values)

    def change(self, plural, record, **values):
        """Change a stored record."""
        self.tables[plural].change(record, values)

    def drop(self, plural, record):
        """Remove a record."""
        self.tables[plural].drop(record)

    def get(self, plural, record_id):
        """The record with this id (string or integer) or None."""
        return self.tables[plural].get(number(record_id))

    def need(self, plural, record_id):
        """The record with this id, else AC's 404."""
        record = self.get(plural, record_id)
        if record is None:
            raise missing(KINDS[plural].model, record_id)
        return record

    def where(self, plural, **values):
        """All records whose columns have these values (compared as text)."""
        wanted = {name: str(value) for name, value in values.items()}
        return [
            record
            for record in self.tables[plural].values()
            if all(str(record.get(name)) == value for name, value in wanted.items())
        ]

    def frozen(self):
        """Everything the account holds, to be given to `thaw` later."""
        held = (self.tables, self.imports, self.settings, self.random, self.offset)
        return pickle.dumps(held)

    def thaw(self, frozen):
        """Be again as at the time of `frozen`."""
        held = pickle.loads(frozen)
        self.tables, self.imports, self.settings, self.random, self.offset = held

    # -------------------------------------------------------------------- clock

    def now(self):
        """Seconds since 1970 by the account's clock."""
        return time.time() + self.offset

    def iso(self, seconds=None):
        """A moment as `2020-05-24T05:16:42-05:00`, in the account's offset."""
        moment = self.now() if seconds is None else seconds
        return written(int(moment), self.options.utc_offset)

    def plain(self, seconds=None):
        """A moment as `2020-05-24 05:16:42`, in the account's offset too."""
        return self.iso(seconds)[:19].replace("T", " ")

    # ------------------------------------------------------------------- events

    def token(self, length=32):
        """A hexadecimal text that depends on the seed only."""
        return f"{self.random.getrandbits(4 * length):0{length}x}"

    def guid(self):
        """A guid that depends on the seed only."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def emit(self, event, source, parts, listid=0):
        """Tell the listener of an event: `parts` is the nested payload."""
        if self.listener:
            self.listener(self, event, source, parts, number(listid))
