import {Component, markRaw, onMounted, onWillStart, onWillUnmount, useState} from "@odoo/owl";
import {deserializeDateTime, formatDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {DashboardChart} from "./chart";
import {Figure, duration, percent} from "./figure";

/* global luxon */

const PAUSE = 20000; // milliseconds between two looks
const GOOD = "#43a58c";
const BAD = "#d9534f";
const BLUE = "#4e8fe0";
const VIOLET = "#8481dd";
const AMBER = "#e0a33c";
const STATES = {
    synced: GOOD,
    sent: "#8fc7b8",
    sending: "#7fb2ee",
    pending: BLUE,
    skipped: "#b9bec6",
    failed: AMBER,
    dead: BAD,
};

/**
 * How one account is doing: numbers that open their lists, charts that open their slots.
 * Looks again every few seconds while somebody looks at it.
 */
export class Dashboard extends Component {
    static template = "ac_odoo_connector.Dashboard";
    static components = {DashboardChart, Figure, Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.open = (link, title) => this.openList(link, title);
        const chosen = {...this.props.action.params, ...this.props.state};
        this.state = useState({
            config: chosen.config_id || false,
            period: chosen.period || 24,
            data: null,
            loading: false,
            failed: false,
        });
        useSetupAction({
            getLocalState: () => ({config_id: this.state.config, period: this.state.period}),
        });
        onWillStart(() => this.load());
        onMounted(() => (this.timer = setInterval(() => this.tick(), PAUSE)));
        onWillUnmount(() => clearInterval(this.timer));
    }

    tick() {
        return document.hidden ? null : this.load({silent: true});
    }

    /** Ask once; an answer that another choice has overtaken is dropped. */
    async load({silent = false} = {}) {
        const asked = [this.state.config, this.state.period];
        this.state.loading = !silent;
        try {
            const orm = silent ? this.orm.silent : this.orm;
            const data = await orm.call("ac.odoo.config", "get_dashboard", asked);
            if (asked[0] === this.state.config && asked[1] === this.state.period) {
                Object.assign(this.state, {
                    data: markRaw(data),
                    failed: false,
                    config: data.account || false,
                });
            }
        } catch (error) {
            if (!silent) {
                throw error;
            }
            this.state.failed = true; // the next look may succeed; the old numbers stay
        } finally {
            this.state.loading = false;
        }
    }

    chooseAccount(id) {
        return this.choose({config: Number(id)});
    }

    choose(values) {
        Object.assign(this.state, values);
        return this.load();
    }

    // Words and colours

    percent(value, digits) {
        return percent(value, digits);
    }

    duration(value) {
        return duration(value);
    }

    moment(value) {
        return value ? formatDateTime(deserializeDateTime(value)) : "–";
    }

    ago(value) {
        return value ? deserializeDateTime(value).toRelative() : "–";
    }

    get refreshed() {
        return luxon.DateTime.fromSeconds(this.state.data.at).toFormat("HH:mm:ss");
    }

    periodName(hours) {
        return {1: _t("Last Hour"), 24: _t("24 Hours"), 168: _t("7 Days")}[hours];
    }

    channelName(key) {
        return {
            webhook: _t("Webhooks: events to apply"),
            push: _t("Push: what people saved"),
            batch: _t("Batch: runs and repairs"),
        }[key];
    }

    color(state) {
        return STATES[state];
    }

    /** The states of one object as parts of a bar, in per cent. */
    parts(row) {
        const {states} = this.state.data.objects;
        const total = this.total(row);
        return states
            .map(({key, label}) => ({key, label, number: row.cells[key]}))
            .filter(({number}) => number.value)
            .map((part) => ({...part, width: (100 * part.number.value) / total}));
    }

    total(row) {
        return Object.values(row.cells).reduce((sum, {value}) => sum + value, 0);
    }

    /** The charts in their order; `series` gives the keys of the numbers their looks. */
    get charts() {
        const {requests, events, backlog} = this.state.data;
        return [
            {
                name: "requests",
                title: _t("Requests to ActiveCampaign"),
                chart: requests.chart,
                stacked: true,
                series: {
                    good: {label: _t("Successful"), color: BLUE},
                    errors: {label: _t("Failed"), color: BAD},
                },
            },
            {
                name: "times",
                title: _t("Time of a Request"),
                chart: requests.times,
                type: "line",
                unit: " s",
                series: {
                    average: {label: _t("Average"), color: BLUE},
                    p95: {label: _t("95 of 100 are faster"), color: AMBER},
                },
            },
            {
                name: "events",
                title: _t("Events Heard"),
                chart: events.chart,
                stacked: true,
                series: {
                    webhook: {label: _t("Webhooks"), color: GOOD},
                    poll: {label: _t("Polling"), color: BLUE},
                    reconcile: {label: _t("Reconciliation"), color: VIOLET},
                },
            },
            {
                name: "backlog",
                title: _t("Waiting Records and Events"),
                chart: backlog,
                type: "line",
                series: {waiting: {label: _t("Waiting"), color: AMBER}},
            },
        ];
    }

    // What is behind it

    openList({model, domain}, title) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: title,
            res_model: model,
            domain,
            views: [
                [false, "list"],
                [false, "form"],
            ],
        });
    }

    openRecord(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    /** Open what a slot of a chart counts, of one series where the chart can tell. */
    openSlot({chart, title}, begin, end, key) {
        if (!chart.open) {
            return;
        }
        const {model, domain, field, by} = chart.open;
        const [from, until] = [begin, end].map((seconds) =>
            luxon.DateTime.fromSeconds(seconds, {zone: "utc"}).toFormat("yyyy-MM-dd HH:mm:ss")
        );
        const slot = [
            [field, ">=", from],
            [field, "<", until],
        ];
        const series = by && key ? [[by, "=", key]] : [];
        return this.openList({model, domain: [...domain, ...slot, ...series]}, title);
    }
}

registry.category("actions").add("ac_odoo_connector.dashboard", Dashboard);
