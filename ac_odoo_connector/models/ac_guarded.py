# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who may not read a record reads nothing that tells of it.

Rules of Odoo look at columns and run with all rights, so a rule of ours could not ask for
the rules of somebody else's model. These models ask the record itself instead: whatever
keeps a person from a partner or an order, a rule, another addon or a right that is
missing, keeps them from its engagement, events and links.
"""

from functools import partial

from odoo import models
from odoo.tools import SQL

from ..mapping.registry import OBJECTS


class AcGuarded(models.AbstractModel):
    """Rows about a record: seen by those who may read the record.

    Rows about nobody, or about a record that is gone, are for operators: somebody has to
    look after them, and their content may be about anybody.
    """

    _name = "ac.guarded"
    _description = "Tells of a Record"

    _ac_about = ("partner_id",)
    """Fields that name a partner: all that are filled must be readable."""

    def _search(self, domain, *args, **kwargs):
        """Searches, groups, counts, exports and reads: all of them begin here."""
        query = super()._search(domain, *args, **kwargs)
        if not (self.env.su or kwargs.get("bypass_access")):
            query.add_where(self._ac_seen(query))
        return query

    def _check_access(self, operation):
        """Changes and buttons; making a row tells nothing."""
        result = super()._check_access(operation)
        rest = self - result[0] if result else self
        if operation == "create" or not any(rest._ids):
            return result
        seen = rest.with_context(active_test=False)._search([("id", "in", rest.ids)])
        hidden = (rest - rest.browse(seen)).exists()
        if not hidden:
            return result
        forbidden = hidden | result[0] if result else hidden
        refusal = self.env["ir.rule"]._make_access_error
        return forbidden, partial(refusal, operation, forbidden)

    def _ac_seen(self, query):
        """Return the condition that a row may be seen, for a query of this model."""
        first, *others = (
            self._field_to_sql(self._table, name, query) for name in self._ac_about
        )
        seen = [self._ac_sees("res.partner", first)]
        for id_ in others:
            named = self._ac_sees("res.partner", id_)
            seen.append(SQL("(%s IS NULL OR %s)", id_, named))
        return SQL(" AND ").join(seen)

    def _ac_sees(self, model, value, column="id"):
        """Return the condition that the person may read the record that a row names.

        :param value: SQL of what names it; correlated, because a list of all that a
            person may read would be made for each page
        :param column: of the record, that holds the value
        """
        seen = self._ac_reads(model, value, column)
        if not self._ac_looks_after():
            return seen
        table = self.env[model]._table
        same = SQL("%s = %s", SQL.identifier("gone", column), value)
        gone = SQL("SELECT 1 FROM %s AS gone WHERE %s", SQL.identifier(table), same)
        return SQL("(%s OR NOT EXISTS (%s))", seen, gone)

    def _ac_reads(self, model, value, column):
        records = self.env[model].with_context(active_test=False)
        if not records.has_access("read"):
            return SQL("FALSE")
        found = records._search([])
        named = records._field_to_sql(found.table, column, found)
        found.add_where(SQL("%s = %s", named, value))
        return SQL("EXISTS (%s)", found.select("1"))

    def _ac_looks_after(self):
        """Return whether the person sees rows about nobody."""
        return self.env.user.has_group("ac_odoo_connector.group_operator")


class AcGuardedRecord(models.AbstractModel):
    """Rows about a record of any model, by `res_model` and `res_id`."""

    _name = "ac.guarded.record"
    _inherit = "ac.guarded"
    _description = "Tells of a Record of Any Model"

    def _ac_seen(self, query):
        model, id_ = (
            self._field_to_sql(self._table, name, query)
            for name in ("res_model", "res_id")
        )
        branches = [
            SQL("WHEN %s THEN %s", name, self._ac_sees(name, id_))
            for name in sorted({row.model for row in OBJECTS.values()})
        ]
        rest = self._ac_looks_after()
        return SQL("CASE %s %s ELSE %s END", model, SQL(" ").join(branches), rest)


class AcEngagement(models.Model):
    _name = "ac.engagement"
    _inherit = ["ac.engagement", "ac.guarded"]


class AcEngagementDay(models.Model):
    _name = "ac.engagement.day"
    _inherit = ["ac.engagement.day", "ac.guarded"]


class AcEvent(models.Model):
    _name = "ac.event"
    _inherit = ["ac.event", "ac.guarded"]


class AcConsent(models.Model):
    _name = "ac.consent"
    _inherit = ["ac.consent", "ac.guarded"]


class AcAudienceMember(models.Model):
    _name = "ac.audience.member"
    _inherit = ["ac.audience.member", "ac.guarded"]


class AcConflict(models.Model):
    _name = "ac.conflict"
    _inherit = ["ac.conflict", "ac.guarded"]
    _ac_about = ("partner_id", "other_partner_id")


class AcBinding(models.Model):
    _name = "ac.binding"
    _inherit = ["ac.binding", "ac.guarded.record"]


class AcErrorLog(models.Model):
    _name = "ac.error.log"
    _inherit = ["ac.error.log", "ac.guarded.record"]


class AcReconciliationLine(models.Model):
    _name = "ac.reconciliation.line"
    _inherit = ["ac.reconciliation.line", "ac.guarded.record"]


class AcAuditLine(models.Model):
    _name = "ac.audit.line"
    _inherit = ["ac.audit.line", "ac.guarded.record"]


class AcSuppression(models.Model):
    """It names a person by the e-mail alone."""

    _name = "ac.suppression"
    _inherit = ["ac.suppression", "ac.guarded"]

    def _ac_seen(self, query):
        email = self._field_to_sql(self._table, "email", query)
        return self._ac_sees("res.partner", email, "email_normalized")
