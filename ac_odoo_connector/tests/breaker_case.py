# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An account that fails: calls without repetitions, few of which are enough."""

from ..activecampaign import ActiveCampaignError, RetryPolicy
from ..engine import gateway
from .common import ConnectorCase

DOWN = {"kind": "status", "status": 500}
ONCE = RetryPolicy(attempts=1)
MINIMUM = 5


class BreakerCase(ConnectorCase):
    def setUp(self):
        super().setUp()
        self.patch(gateway, "PATIENCE", ONCE)
        self.patch(gateway, "PROBE", ONCE)
        self.config.breaker_minimum = MINIMUM
        self.commit()

    def call(self, times=1, config=None):
        """Ask the account for its tags; return the last error, None for success."""
        error = None
        for _call in range(times):
            error = None
            try:
                with gateway.open_client(config or self.config) as client:
                    list(client.tags.list())
            except ActiveCampaignError as failure:
                error = failure
        self.look_again()
        return error

    def go_down(self):
        """Have the account fail until it is paused."""
        self.simulator.faults(DOWN)
        self.call(MINIMUM)
        self.assertEqual(self.config.breaker_state, "open")
        self.simulator.forget_log()

    def come_up(self):
        self.simulator.call("DELETE", "faults")

    def end_pause(self):
        """Let the time pass for which the account is paused."""
        self.commit()
        self.cr.execute(
            "UPDATE ac_breaker SET until = '2020-01-01' WHERE until IS NOT NULL"
        )
        self.commit()

    def look_again(self):
        self.commit()
        self.env.invalidate_all()

    def row(self):
        """Return the breaker's row, freshly read."""
        self.look_again()
        return self.config.breaker_ids

    def pause_seconds(self):
        """Return how long the pause is still going to take."""
        self.commit()
        self.cr.execute(
            "SELECT EXTRACT(EPOCH FROM until - clock_timestamp() AT TIME ZONE 'UTC') "
            "FROM ac_breaker WHERE config_id = %s",
            (self.config.id,),
        )
        return float(self.cr.fetchone()[0])

    def paths(self):
        """Return the paths that were asked for, without their beginning."""
        return [
            entry["path"].removeprefix("/api/3") for entry in self.simulator.calls()
        ]
