"""Everything a running simulator holds, put together."""

import asyncio

from .account import Account
from .deliveries import Deliveries
from .faults import Faults
from .furniture import furnish
from .journal import Journal
from .limits import Limits
from .options import Options
from .wire import JsonAnswer


class Simulation:
    """The account with its options, limits, faults, log and webhooks on their way."""

    def __init__(self, api_key, seed=1):
        self.api_key = api_key
        self.journal = Journal(api_key)
        self.deliveries = None
        self.frozen = {}
        self.reset(seed)

    def reset(self, seed=1, **options):
        """A new account; faults, limits and log as in the beginning.

        What the old account still has to deliver goes on, and is not seen here.
        """
        if self.deliveries:
            self.deliveries.close()
        self.options = Options()
        self.options.change(options)
        self.limits, self.faults = Limits(), Faults()
        self.deliveries = Deliveries(self.options)
        self.account = Account(self.options, seed, self.deliveries.send_event)
        self.seed = seed
        self.journal.clear()
        furnish(self.account)

    def later(self, seconds, function, *args):
        """Do work after the answer has gone, as AC's own queues do."""
        asyncio.get_running_loop().call_later(seconds, function, *args)

    def json(self, status, data, headers=None):
        """A JSON answer with the rate headers of the moment."""
        rate = self.limits.headers() if self.options.rate_headers else {}
        slashes = self.options.escape_slashes
        return JsonAnswer(status, data, slashes, rate | (headers or {}))
