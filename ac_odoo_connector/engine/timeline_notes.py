# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Silent notes in the chatter: those of a chunk are created together.

Nobody is notified: the messages are made as `mail.thread._message_log` makes them, with
a date of their own. Events of one topic within an hour share a note, which tells their
number.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from markupsafe import Markup

from odoo.tools import SQL, clean_context, html_sanitize

from .told import Told

TOGETHER = timedelta(hours=1)
ICONS = {
    "open": "fa-envelope-open-o",
    "click": "fa-mouse-pointer",
    "reply": "fa-reply",
    "share": "fa-share",
    "bounce": "fa-exclamation-triangle text-warning",
    "subscribe": "fa-bell-o",
    "unsubscribe": "fa-bell-slash-o text-warning",
    "tag": "fa-tag",
    "note": "fa-sticky-note-o",
    "sms": "fa-commenting-o",
    "deal": "fa-money",
    "task": "fa-check-square-o",
    "account": "fa-building-o",
    "automation": "fa-cogs",
}


@dataclass
class Note:
    """One note and the events that it tells; `known` of them were told before."""

    start: datetime
    message_id: int | None = None
    known: int = 0
    entries: list = field(default_factory=list)

    @property
    def body(self):
        said = self.entries[0].said
        times = self.known + len(self.entries)
        html = Markup("<p class='mb-0'><i class='fa fa-fw %s'></i> %s%s</p>") % (
            ICONS[said.kind],
            said.sentence,
            _badge(self.entries[0].event, times) if times > 1 else "",
        )
        lines = (
            Markup("<p class='mb-0 ms-4 text-muted'>%s</p>") % x for x in said.lines
        )
        return html + Markup("").join(lines)


def _badge(event, times):
    words = Told(event).env._("%s times", times)
    return Markup(" <span class='badge text-bg-light border'>%s</span>") % words


def write(env, entries):
    """Create the notes of a chunk, and tell older ones that it happened again."""
    if not entries:
        return
    notes = _notes(env, sorted(entries, key=lambda entry: entry.moment))
    _create(env, [note for note in notes if not note.message_id])
    _tell(env, notes)
    for note in notes:
        for entry in note.entries:
            entry.event.write({"note_id": note.message_id, "topic": _topic(entry)})


def _notes(env, entries):
    """Spread the entries, the oldest first, over known and new notes."""
    open_notes, used = _known(env, entries), []
    for entry in entries:
        same = open_notes.setdefault((entry.record, _topic(entry)), [])
        note = next((n for n in same if _is_near(n, entry)), None)
        if not note:
            note = Note(entry.moment)
            same.append(note)
        if not note.entries:
            used.append(note)
        note.entries.append(entry)
    return used


def _is_near(note, entry):
    return bool(_topic(entry)) and abs(entry.moment - note.start) < TOGETHER


def _topic(entry):
    """Orders have no topics: their events are too few to be put together."""
    return entry.record._name == "res.partner" and entry.said.topic


def _known(env, entries):
    """Return ``{(partner, topic): [Note]}`` of what was noted in the hours around."""
    told = [entry for entry in entries if _topic(entry)]
    if not told:
        return {}
    env["ac.event"].flush_model(["partner_id", "topic", "occurred_at", "note_id"])
    env.cr.execute(
        """
        SELECT partner_id, topic, note_id, min(occurred_at), count(*)
        FROM ac_event
        WHERE partner_id = ANY(%s) AND topic = ANY(%s) AND note_id IS NOT NULL
            AND occurred_at > %s AND occurred_at < %s
        GROUP BY partner_id, topic, note_id ORDER BY 4
        """,
        (
            list({entry.record.id for entry in told}),
            list({_topic(entry) for entry in told}),
            told[0].moment - 3 * TOGETHER,  # notes that began near it, whole
            told[-1].moment + TOGETHER,
        ),
    )
    notes = {}
    for partner_id, topic, message_id, start, count in env.cr.fetchall():
        partner = env["res.partner"].browse(partner_id)
        note = Note(start, message_id, count)
        notes.setdefault((partner, topic), []).append(note)
    return notes


def _create(env, notes):
    if not notes:
        return
    shared = _shared_values(env)
    messages = (
        env["mail.message"]
        .sudo()
        .with_context(clean_context(env.context))
        .create([{**shared, **_values(note)} for note in notes])
    )
    for note, message in zip(notes, messages, strict=True):
        note.message_id = message.id


def _values(note):
    record = note.entries[0].record
    return {
        "model": record._name,
        "res_id": record.id,
        "date": note.start,
        "body": "",  # see `_tell`
    }


def _shared_values(env):
    """Return what `_message_log` would set: with it nothing is looked up per note."""
    messages, thread = env["mail.message"], env["mail.thread"]
    subtype = env.ref("ac_odoo_connector.mt_engagement", raise_if_not_found=False)
    subtype = subtype or env.ref("mail.mt_note")  # somebody has deleted ours
    author_id, email_from = thread._message_compute_author()
    shared = {
        "author_id": author_id,
        "email_from": email_from,
        "message_type": "notification",
        "is_internal": True,
        "subtype_id": subtype.id,
        "email_add_signature": False,
        "reply_to": thread._notify_get_reply_to(default=email_from)[False],
        "record_alias_domain_id": False,
        "record_company_id": False,
    }
    if messages._fields["record_name"].store:  # 18; 19 computes it
        shared["record_name"] = False
    return shared


def _tell(env, notes):
    """Write what the notes say; an older one says how often it has happened by now.

    Past the ORM: other apps look at each message that is written, one by one, and a
    body would be sanitised twice.
    """
    values = [SQL("%s", (n.message_id, html_sanitize(n.body))) for n in notes]
    env["mail.message"].flush_model(["body"])
    env.cr.execute(
        SQL(
            """
            UPDATE mail_message SET body = news.body, write_date = now() AT TIME ZONE 'UTC'
            FROM (VALUES %s) news (id, body) WHERE mail_message.id = news.id
            """,
            SQL(", ").join(values),
        ),
        log_exceptions=False,  # what was done is nobody's business in a log
    )
    messages = env["mail.message"].browse(note.message_id for note in notes)
    messages.invalidate_recordset(["body", "write_date"])
