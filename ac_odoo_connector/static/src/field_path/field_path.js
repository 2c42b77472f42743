import {Component} from "@odoo/owl";
import {ModelFieldSelector} from "@web/core/model_field_selector/model_field_selector";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const HIDDEN_TYPES = ["binary", "json", "properties", "properties_definition"];

/**
 * Pick a field, or a path such as "country_id.code", of the model that another
 * field of the record names. Odoo's own widget for it has another name in each
 * series; the component beneath is the same.
 */
export class FieldPath extends Component {
    static template = "ac_odoo_connector.FieldPath";
    static components = {ModelFieldSelector};
    static props = {
        ...standardFieldProps,
        modelField: {type: String, optional: true},
    };

    get selectorProps() {
        return {
            path: this.props.record.data[this.props.name] || "",
            resModel: this.props.record.data[this.props.modelField],
            readonly: this.props.readonly,
            allowEmpty: true,
            update: (path) => this.props.record.update({[this.props.name]: path}),
            isDebugMode: Boolean(this.env.debug),
            filter: (field) => !HIDDEN_TYPES.includes(field.type),
        };
    }
}

registry.category("fields").add("ac_field_path", {
    component: FieldPath,
    supportedTypes: ["char"],
    extractProps: ({options}) => ({modelField: options.model || "model"}),
});
