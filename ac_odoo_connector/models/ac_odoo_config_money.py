# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from ..mapping.deal import Stage
from ..mapping.money import Amounts, converted, hundredths


class AcOdooConfig(models.Model):
    """What orders are worth in the currencies of the pipelines; queries per chunk."""

    _inherit = "ac.odoo.config"

    def _amounts_of(self, orders, stages):
        """Return ``{order id: mapping.money.Amounts}``, absent without a rate.

        The amount is Odoo's own sum of the lines, so that the totals of deals are those
        of orders; the rate is the last one at the order's date. Odoo itself takes the
        first later one, or 1, where there is none: here such an order is absent.
        """
        targets = self._currencies_of(orders, stages)
        rates = self._rates_of(orders, targets)
        amounts = {}
        for order in orders.filtered(lambda o: o.id in targets):
            source, target = order.currency_id, targets[order.id]
            pair = [rates.get(_key(order, each)) for each in (source, target)]
            if source == target:
                pair = [1, 1]
            if all(pair):
                total = (
                    order.amount_total if self.deal_with_tax else order.amount_untaxed
                )
                value = hundredths(converted(total, *pair), target.rounding)
                amounts[order.id] = Amounts(value, target.name.lower())
        return amounts

    def _currencies_of(self, orders, stages):
        """Return ``{order id: res.currency}`` of the pipelines the orders stand in."""
        pipelines = self.env["ac.metadata"]._entries(self, "pipeline")
        codes = {
            entry.remote_id: str((entry.data or {}).get("currency") or "").upper()
            for entry in pipelines
        }
        currencies = self.env["res.currency"].with_context(active_test=False)
        known = currencies.search([("name", "in", list(codes.values()))])
        by_code = {currency.name: currency for currency in known}
        wanted = {
            id_: by_code.get(codes.get(stage.group))
            for id_, stage in stages.items()
            if isinstance(stage, Stage)
        }
        return {id_: currency for id_, currency in wanted.items() if currency}

    def _rates_of(self, orders, targets):
        """Return ``{(company id, currency id, date): rate}``, in one query.

        As Odoo does it: rates of the main company go before those of all companies, and
        a company's own currency is 1 where it has none.
        """
        keys, rates = set(), {}
        for order in orders.filtered(lambda o: o.id in targets):
            own = order.company_id.root_id.currency_id
            for currency in order.currency_id | targets[order.id]:
                key = _key(order, currency)
                keys.add(key)
                if currency in (own, order.company_id.currency_id):
                    rates[key] = 1.0
        return rates | self._stored_rates(sorted(keys))

    def _stored_rates(self, keys):
        self.env["res.currency.rate"].flush_model()
        companies, currencies, days = zip(*keys, strict=True) if keys else ((), (), ())
        rows = self.env.execute_query(
            SQL(
                """
                SELECT w.company, w.currency, w.day, found.rate
                FROM unnest(%s::int[], %s::int[], %s::date[]) AS w(company, currency, day)
                CROSS JOIN LATERAL (
                    SELECT rate FROM res_currency_rate r
                    WHERE r.currency_id = w.currency AND r.name <= w.day
                        AND (r.company_id = w.company OR r.company_id IS NULL)
                    ORDER BY r.company_id, r.name DESC LIMIT 1) found
                WHERE found.rate > 0
                """,
                list(companies),
                list(currencies),
                list(days),
            )
        )
        return {(company, currency, day): rate for company, currency, day, rate in rows}


def _key(order, currency):
    day = (order.date_order or fields.Datetime.now()).date()
    return order.company_id.root_id.id, currency.id, day
