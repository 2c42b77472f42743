# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An event as the words of its note need it."""

from .consent_appliers import list_ids


class Told:
    """Reads like an event, in the language of its account's notes or in another.

    Its payload is read once: Odoo copies a JSON field each time it is asked for.
    """

    def __init__(self, event, lang=None):
        lang = lang or event.config_id._notes_lang()
        self.event = event.with_context(lang=lang)
        self.env = self.event.env
        self.type = event.type
        self.payload = event.payload or {}

    def value(self, *path):
        """Return the text at a path of the payload, ``""`` when it is not there."""
        node = self.payload
        for key in path:
            node = node.get(key) if isinstance(node, dict) else None
        return node if isinstance(node, str) else ""

    def list_names(self):
        """Return the names of the lists it is about, "" when none is known."""
        return self.event._list_names()

    def is_about_lists(self):
        """Whether it is about single lists, known by name or not."""
        return bool(list_ids(self.payload))

    def campaign_name(self, remote_id):
        """Return the name of a campaign, "" when nobody has told it."""
        return self.event._campaign_name(remote_id)

    def name_of(self, kind, remote_id):
        """Return what the metadata call an id of ActiveCampaign, "" for nothing."""
        return self.event._name_of(kind, remote_id)
