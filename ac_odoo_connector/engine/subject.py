# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Odoo keeps of one person for ActiveCampaign: one table, used by the preview, the
export and the erasure.

Everything is looked for with the rights of whoever asks, so nobody sees or erases what
belongs to another company.
"""

from dataclasses import dataclass, field
from functools import cached_property

from odoo.tools import LazyTranslate, email_normalize

_lt = LazyTranslate(__name__)

SUBTYPE = "ac_odoo_connector.mt_engagement"
TECHNICAL = frozenset(
    {"claim", "claimed_until", "batch_ref", "fingerprint", "sent_fingerprint"}
    | {"create_uid", "write_uid", "write_date", "company_id"}
)
"""Of our own rows, what says nothing of a person."""
HOLDINGS = {
    "ac.event": _lt("Events, with what ActiveCampaign sent"),
    "ac.error.log": _lt("Errors"),
    "ac.conflict": _lt("Conflicting values"),
    "ac.consent": _lt("Consent history"),
    "ac.suppression": _lt("Opt-outs from ActiveCampaign"),
    "ac.engagement": _lt("Engagement"),
    "ac.engagement.day": _lt("Opens and clicks by day"),
    "ac.audience.member": _lt("Audiences"),
    "ac.audit.line": _lt("Differences found by audits"),
    "ac.reconciliation.line": _lt("Differences found by reconciliations"),
    "ac.first.load.record": _lt("Dry runs"),
    "ac.first.load.value": _lt("Values of trials"),
    "mail.message": _lt("Notes of ActiveCampaign on timelines"),
    "ac.binding": _lt("Links with contacts"),
}
"""Models that hold something of a person and what it is called, in the order in which
it is erased: what refers to others goes first."""


@dataclass
class Subject:
    """One person: everybody in Odoo with the same e-mail, and what is linked with them.

    `emails` normalised; `configs` the accounts that the user sees; `links` of contacts;
    `orders` `sale.order` of these partners.
    """

    partners: object
    emails: set
    configs: object
    links: object = field(init=False)
    orders: object = field(init=False)

    def __post_init__(self):
        env = self.partners.env
        mine = [("res_model", "=", "res.partner"), ("res_id", "in", self.partners.ids)]
        account = [("config_id", "in", self.configs.ids), ("object", "=", "contact")]
        self.links = env["ac.binding"].search([*account, *mine])
        buyers = [("partner_id", "in", self.partners.ids)]
        self.orders = env["sale.order"].sudo().search(buyers).with_env(env)

    @property
    def env(self):
        return self.partners.env

    def remote_ids(self, config):
        """Return the AC ids of the person's contacts in an account."""
        links = self.links.filtered(lambda link: link.config_id == config)
        return [link.remote_id for link in links if link.remote_id]

    def without_others(self, config, ids):
        """Return those AC ids of contacts that nobody with another e-mail is linked
        with: a contact may have an e-mail that its partner has given up."""
        domain = [
            ("config_id", "=", config.id),
            ("object", "=", "contact"),
            ("remote_id", "in", list(ids)),
            ("res_id", "not in", self.partners.ids),
        ]
        links = self.env["ac.binding"].sudo().search(domain)
        people = self.partners.sudo().browse(links.mapped("res_id")).exists()
        others = people.filtered(lambda p: p.email_normalized not in self.emails)
        theirs = links.filtered(lambda link: link.res_id in others.ids)
        return [id_ for id_ in ids if id_ not in theirs.mapped("remote_id")]

    @cached_property
    def earlier(self):
        """E-mails by which the person once agreed or said no, unless somebody else has
        them now. Only to keep the person out: what is found by them over there may be
        about somebody else."""
        mine = [("partner_id", "in", self.partners.ids)]
        noted = self.env["ac.consent"].search(mine).mapped("email")
        emails = {email for each in noted if (email := email_normalize(each or ""))}
        everybody = self.partners.sudo()
        taken = everybody.search([("email_normalized", "in", list(emails))])
        return emails - set((taken - everybody).mapped("email_normalized"))


def find(partners, emails=()):
    """Return the `Subject` of partners and e-mails."""
    env = partners.env(context={**partners.env.context, "active_test": False})
    emails = {*emails, *filter(None, partners.mapped("email_normalized"))}
    others = env["res.partner"].search([("email_normalized", "in", list(emails))])
    people = partners.with_env(env) | others
    people |= _addresses(people)
    return Subject(people, emails, env["ac.odoo.config"].search([]))


def _addresses(people):
    """Return where people have things sent to: partners of their own in Odoo, with the
    person's name and phone and without an e-mail."""
    return people.search(
        [
            ("parent_id", "in", people.ids),
            ("type", "!=", "contact"),
            ("email_normalized", "=", False),
        ]
    )


def holdings(subject):
    """Return ``{model: records}`` of all that is kept of the person."""
    found = {"ac.binding": subject.links, "ac.event": events(subject)}
    found["ac.error.log"] = _errors(subject, found["ac.event"])
    found["mail.message"] = _notes(subject, found["ac.event"])
    for model in HOLDINGS:
        if model not in found and model in subject.env:
            records = subject.env[model]
            found[model] = records.search(_domain(records, subject))
    return {model: found[model] for model in HOLDINGS if model in found}


def _domain(records, subject):
    """Return the domain of what a model keeps, by the fields that it has."""
    ids, emails = subject.partners.ids, list(subject.emails | subject.earlier)
    if "partner_id" in records._fields:
        mine = [("partner_id", "in", ids)]
    elif "res_model" in records._fields:
        mine = [("res_model", "=", "res.partner"), ("res_id", "in", ids)]
    else:
        mine = [("email", "in", emails)]
    if records._name == "ac.consent":
        nobodys = ["&", ("partner_id", "=", False), ("email", "in", emails)]
        mine = ["|", *mine, *nobodys]
    return mine


def events(subject):
    """Events of the partners and of the contacts, also of those that nobody is linked
    with: their e-mail is in what ActiveCampaign sent."""
    model = subject.env["ac.event"]
    found = model.search([("partner_id", "in", subject.partners.ids)])
    for config in subject.configs:
        named = _named(config, subject.emails)
        ids = subject.remote_ids(config) + subject.without_others(config, named)
        found |= model.search(
            [("config_id", "=", config.id), ("remote_contact_id", "in", ids)]
        )
    return found


def _named(config, emails):
    """Return the AC ids of contacts whose events name one of the e-mails."""
    config.env.cr.execute(
        """
        SELECT DISTINCT remote_contact_id FROM ac_event
        WHERE config_id = %s AND remote_contact_id IS NOT NULL
            AND lower(payload->'contact'->>'email') = ANY(%s)
        """,
        (config.id, list(emails)),
        log_exceptions=False,  # it names people, as in `outbox.settle`
    )
    return [remote_id for (remote_id,) in config.env.cr.fetchall()]


def _errors(subject, events):
    return subject.env["ac.error.log"].search(
        [
            *("|", "|"),
            ("binding_id", "in", subject.links.ids),
            ("event_id", "in", events.ids),
            *("&", ("res_model", "=", "res.partner")),
            ("res_id", "in", subject.partners.ids),
        ]
    )


def _notes(subject, events):
    """Notes on the partners and their orders, and those that their events have left
    elsewhere; a note outlives its event."""
    subtype = subject.env.ref(SUBTYPE)
    messages = subject.env["mail.message"].sudo()
    found = messages.browse(events.sudo().note_id.ids)
    for records in (subject.partners, subject.orders):
        found |= messages.search(
            [
                ("model", "=", records._name),
                ("res_id", "in", records.ids),
                ("subtype_id", "=", subtype.id),
            ]
        )
    return found
