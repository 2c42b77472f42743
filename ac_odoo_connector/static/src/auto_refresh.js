import { Component, onMounted, onWillUnmount, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const PAUSE = 2000; // milliseconds

/**
 * Reads the record of a form anew as long as it is shown: give it an `invisible` that
 * becomes true when the work is done. What a person is typing is never touched.
 */
export class AutoRefresh extends Component {
    static template = xml`<span class="d-none"/>`;
    static props = { ...standardWidgetProps };

    setup() {
        onMounted(() => (this.timer = setTimeout(() => this.refresh(), PAUSE)));
        onWillUnmount(() => clearTimeout(this.timer));
    }

    async refresh() {
        const { record } = this.props;
        try {
            if (record.resId && !record.dirty && !document.hidden) {
                await record.load();
            }
        } finally {
            this.timer = setTimeout(() => this.refresh(), PAUSE);
        }
    }
}

registry.category("view_widgets").add("ac_auto_refresh", { component: AutoRefresh });
