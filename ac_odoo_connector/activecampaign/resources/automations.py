# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Automations and who is in them."""

from .base import Creates, Deletes, Reads


class Automations(Reads):
    path, envelope, collection = "/automations", "automation", "automations"


class ContactAutomations(Reads, Creates, Deletes):
    """`create({"contact", "automation"})` enrols, `delete(id)` removes.

    A 403 "Could not create SubscriberSeries" is Rejected: the automation is
    inactive, or the contact is in it (OAS create-new-contactautomation).
    """

    path = "/contactAutomations"
    envelope, collection = "contactAutomation", "contactAutomations"
