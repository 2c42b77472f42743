# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the tests of audience rules share."""

from .common import ConnectorCase

GOLD = "[('ref', '=', 'gold')]"


class AudienceCase(ConnectorCase):
    """Five partners, two of them gold; what ActiveCampaign has is known."""

    def setUp(self):
        super().setUp()
        self.perform("metadata")
        self.partners = self.make_partners(
            *[
                {
                    "name": f"A {n}",
                    "email": f"a{n}@example.com",
                    "ref": "gold" if n < 2 else "iron",
                }
                for n in range(5)
            ]
        )
        self.gold, self.iron = self.partners[:2], self.partners[2:]
        self.list = self.entry("list")
        self.automation = self.entry("automation")

    def entry(self, kind, config=None):
        return self.env["ac.metadata"]._entries(config or self.config, kind)[:1]

    def rule(self, **values):
        """Return a committed rule about gold partners, evaluated."""
        rule = self.env["ac.audience.rule"].create(
            {
                "name": "Gold",
                "config_id": self.config.id,
                "domain": GOLD,
                "enter_tags": "Gold, VIP",
                **values,
            }
        )
        self.evaluate(rule)
        return rule

    def evaluate(self, rules):
        self.commit()
        moved = rules._evaluate()
        self.commit()  # and see what the evaluation's own transaction did
        self.env.invalidate_all()
        return moved

    def inside(self, rule):
        members = rule.member_ids.filtered("inside").partner_id
        return members.sorted("id")

    def facts(self, partner, config=None):
        """Return what the rules say about one partner."""
        rules = self.env["ac.audience.rule"]
        return rules._facts_of(config or self.config, self.partners)[partner.id]

    def forget_marks(self):
        self.cr.execute("UPDATE ac_binding SET state = 'synced'")
        self.commit()

    def marked(self, config=None):
        """Return the partners that the engine will look at."""
        self.commit()
        self.env.invalidate_all()
        waiting = self.env["ac.binding"].search(
            [
                ("state", "=", "pending"),
                ("config_id", "=", (config or self.config).id),
                ("res_id", "in", self.partners.ids),
            ]
        )
        return self.partners.browse(sorted(waiting.mapped("res_id")))
