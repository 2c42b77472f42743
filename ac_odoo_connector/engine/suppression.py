# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a no that was said in ActiveCampaign does in Odoo, and how it is taken back.

`ac.suppression` remembers what was set here, so that a new subscription over there lifts
this and nothing else: what Odoo's people, or the person in Odoo, have said stays.
"""

from odoo import fields

OWN = "ac_suppression"
"""Key of the context: the blacklist is changed by ActiveCampaign's word."""


def suppress(config, emails, lists, effect, reason):
    """Do in Odoo what the account's policy says; once, however often it is called.

    :param emails: normalised e-mails
    :param lists: `ac.metadata` entries, empty for all of the account
    :param effect: "record", "lists" or "blacklist"
    :param reason: a key of `ac.suppression.reason`
    """
    if effect == "record" or not emails:
        return
    _opt_out(config, emails, lists, reason)
    if effect == "blacklist":
        _blacklist(config, emails, reason)


def _opt_out(config, emails, lists, reason):
    links = _links(config, lists)
    rows = [
        {"link_id": link.id, "email": row.contact_id.email_normalized, "record": row.id}
        for link in links
        for row in _subscriptions(link, emails, opt_out=False)
    ]
    subscriptions = _all(config, [row["record"] for row in rows])
    if not rows:
        return
    subscriptions.write({"opt_out": True})
    subscriptions.flush_recordset()
    changed = {row.id: row.write_date for row in subscriptions}
    _note(config, "mailing", reason, rows, changed)


def _links(config, lists):
    """Return the links with Odoo's mailing lists; none without Odoo's app for them."""
    if "mailing.subscription" not in config.env:
        return config.env["ac.mailing.link"]
    links = config.sudo().mailing_link_ids
    return links.filtered(lambda link: not lists or link.list_id in lists)


def _subscriptions(link, emails, opt_out):
    return _all(link).search(
        [
            ("list_id", "=", int(link.mailing_list)),
            ("contact_id.email_normalized", "in", emails),
            ("opt_out", "=", opt_out),
        ]
    )


def _all(record, ids=()):
    if "mailing.subscription" not in record.env:
        return record.env["ac.suppression"]
    return record.env["mailing.subscription"].sudo().browse(ids)


def _blacklist(config, emails, reason):
    entries = config.env["mail.blacklist"].sudo().with_context(**{OWN: True})
    known = {e.email: e.id for e in entries.search([("email", "in", emails)])}
    claims = _standing(config.env, emails, "blacklist")
    own = claims.filtered(lambda row: row.config_id == config and row.reason == reason)
    shared = set(claims.mapped("email")) - set(own.mapped("email"))
    words = config.env._(
        "%(reason)s in ActiveCampaign (%(account)s)",
        reason=_in_words(config.env, reason),
        account=config.name,
    )
    rows = [{"email": e, "record": known[e]} for e in shared & known.keys()]
    for email in set(emails) - known.keys():
        entry = entries._add(email, message=words)
        rows.append({"email": email, "record": entry.id})
    now = fields.Datetime.now()
    _note(config, "blacklist", reason, rows, {row["record"]: now for row in rows})


def _in_words(env, reason):
    field = env["ac.suppression"]._fields["reason"]
    return dict(field._description_selection(env))[reason]


def _note(config, kind, reason, rows, moments):
    common = {"config_id": config.id, "kind": kind, "reason": reason}
    config.env["ac.suppression"].sudo().create(
        [{**common, **row, "set_at": moments[row["record"]]} for row in rows]
    )


def lift(config, emails, lists, own, last):
    """Take back what was set for these lists, and entries of the blacklist that nothing
    else keeps.

    What somebody has changed in Odoo since is theirs.

    :param own: the person itself has subscribed: only that takes back a complaint
    :param last: nothing that was said of another list stands against it
    """
    rows = _standing(config.env, emails).filtered(lambda r: r.config_id == config)
    links = _links(config, lists)
    free = rows.filtered(lambda r: own or r.reason != "complained")
    opted_out = free.filtered(lambda r: r.kind == "mailing" and r.link_id in links)
    _opt_in(opted_out)
    rest = set(
        (rows - opted_out).filtered(lambda r: r.kind == "mailing").mapped("email")
    )
    listed = free.filtered(
        lambda r: r.kind == "blacklist" and last and r.email not in rest
    )
    (opted_out | listed).lifted_at = config.env.cr.now()
    _unlist(listed)


def _standing(env, emails, *kinds):
    """Return what any account has set and not taken back."""
    return (
        env["ac.suppression"]
        .sudo()
        .search(
            [
                ("email", "in", emails),
                ("kind", "in", kinds or ("mailing", "blacklist")),
                ("lifted_at", "=", False),
            ]
        )
    )


def _opt_in(rows):
    moments = {row.record: row.set_at for row in rows}
    subscriptions = _all(rows, list(moments)).exists() if rows else _all(rows)
    ours = subscriptions.filtered(
        lambda s: s.opt_out and _second(s.write_date) == _second(moments[s.id])
    )
    ours.write({"opt_out": False})


def _second(moment):
    return moment.replace(microsecond=0)


def _unlist(rows):
    """Remove the entries that no other row, of whatever account, stands for."""
    standing = _standing(rows.env, rows.mapped("email"), "blacklist")
    free = set(rows.mapped("record")) - set(standing.mapped("record"))
    entries = rows.env["mail.blacklist"].sudo().with_context(**{OWN: True})
    words = rows.env._("Subscribed again in ActiveCampaign")
    for entry in entries.browse(free).exists():
        entries._remove(entry.email, message=words)


def barred(config, partners):
    """Return the ids of partners whom not the account alone has blacklisted, but Odoo or
    another account."""
    ids = config.env["ac.consent"].sudo()._barred(partners)
    emails = partners.browse(ids).mapped("email_normalized")
    rows = _standing(config.env, emails, "blacklist")
    theirs = rows.filtered(lambda row: row.config_id == config)
    alone = set(theirs.mapped("email")) - set((rows - theirs).mapped("email"))
    return {p.id for p in partners.browse(ids) if p.email_normalized not in alone}


def forget(entries):
    """Somebody has changed these entries of the blacklist: they are Odoo's own now."""
    if not entries.env.context.get(OWN) and entries.ids:
        entries.env["ac.suppression"].sudo().search(
            [
                ("kind", "=", "blacklist"),
                ("record", "in", entries.ids),
                ("lifted_at", "=", False),
            ]
        ).unlink()
