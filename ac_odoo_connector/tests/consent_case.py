# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What tests of lists and consent share."""

from .common import ConnectorCase

YES = "Yes, please"


class ConsentCase(ConnectorCase):
    """An account with two lists, the first of which is for everybody."""

    def setUp(self):
        super().setUp()
        with self.client() as client:
            self.other_id = client.lists.create({"name": "Other", "stringid": "o"}).id
        self.perform("metadata")
        self.other = self.entry(self.other_id)
        self.news = (self.lists() - self.other)[:1]
        self.news_id = self.news.remote_id
        self.config.list_ids = self.news
        self.commit()

    def lists(self):
        return self.env["ac.metadata"].search(
            [("config_id", "=", self.config.id), ("kind", "=", "list")]
        )

    def entry(self, remote_id):
        return self.lists().filtered(lambda entry: entry.remote_id == str(remote_id))

    def person(self, name="Ada", **values):
        email = f"{name.lower()}@example.com"
        return self.make_partners({"name": name, "email": email, **values})

    def say(self, partners, state, list_=None, **values):
        consents = self.env["ac.consent"]._record(
            partners,
            state,
            values.pop("source", "partner_form"),
            text=YES,
            list_id=list_ and list_.id,
            **values,
        )
        self.commit()
        return consents

    def lists_of(self, partners, more=None):
        self.env.invalidate_all()
        return self.env["ac.consent"]._lists_of(self.config, partners, more)

    def status(self, partner, list_id=None):
        """Return the status of one person on a list, None when it is left alone."""
        return self.lists_of(partner)[partner.id].get(list_id or self.news_id)

    def tell(self, partner, lists):
        """Remember that AC was told of lists, as the engine does."""
        self.run_jobs()
        binding = self.binding(partner)
        binding.sent = {**(binding.sent or {}), "lists": lists}
        self.commit()

    def blacklist(self, email):
        self.env["mail.blacklist"]._add(email)

    def forget(self, records):
        """Delete what a test has made beside partners."""
        self.cr.rollback()
        records.exists().unlink()
        self.commit()

    def marked(self, partner):
        """Whether a partner waits to be sent."""
        return self.binding(partner).state == "pending"

    def over_there(self, partner, list_id=None):
        contact = self.simulator.contacts()[partner.email]
        return contact["lists"].get(list_id or self.news_id)
