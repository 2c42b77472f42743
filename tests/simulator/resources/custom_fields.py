"""Custom fields of accounts and deals and their values: two alike families.

OAS accountCustomFieldMeta/Data and dealCustomFieldMeta/Data.
"""

from ..account import number
from ..crud import pick
from ..custom_values import TYPES, checked
from ..errors import Refused, invalid, not_found

COLUMNS = (
    "fieldLabel fieldType fieldOptions fieldDefault fieldDefaultCurrency isFormVisible "
    "isRequired displayOrder personalization"
).split()


class Family:
    """The routes of one family: `owner` is "account" or "deal"."""

    def __init__(self, owner):
        self.owner = owner
        self.meta = f"{owner}CustomFieldMeta"
        self.data = f"{owner}CustomFieldData"
        self.metum = f"{owner}CustomFieldMetum"
        self.datum = f"{owner}CustomFieldDatum"
        self.owner_id = f"{owner}Id"
        self.class_name = owner.capitalize()

    def routes(self):
        """All routes of the family."""
        meta, data = f"/{self.meta}", f"/{self.data}"
        return [
            ("POST", meta, self.create_field),
            ("GET", meta, self.list_fields),
            ("GET", meta + "/{id}", self.read_field),
            ("PUT", meta + "/{id}", self.update_field),
            ("DELETE", meta + "/{id}", self.delete_field),
            ("POST", data + "/bulkCreate", self.create_many),
            ("PATCH", data + "/bulkUpdate", self.update_many),
            ("POST", data, self.create_value),
            ("GET", data, self.list_values),
            ("GET", data + "/{id}", self.read_value),
            ("PUT", data + "/{id}", self.update_value),
            ("DELETE", data + "/{id}", self.delete_value),
            ("GET", f"/{self.owner}s/{{id}}{data}", self.values_of_owner),
        ]

    # --------------------------------------------------------------------- fields

    def show_field(self, call, field):
        """A field as the API shows it: flags are numbers, dates without an offset."""
        whole = call.show(self.meta, field)
        return whole | pick(field, COLUMNS)

    def create_field(self, call):
        """POST …CustomFieldMeta."""
        values = pick(call.envelope(self.metum), COLUMNS)
        if values.get("fieldType") not in TYPES:
            raise invalid("The field type field is required.", 422)
        if not values.get("fieldLabel"):
            raise invalid("The field label field is required.", 422)
        stamp = call.account.plain()
        stamps = {"createdTimestamp": stamp, "updatedTimestamp": stamp}
        field = call.account.add(self.meta, **stamps | values)
        return 200, {self.metum: self.show_field(call, field)}

    def known(self, call, plural):
        """The record of the path, else the 404 of this family."""
        record = call.account.get(plural, call.path["id"])
        if record is None:
            raise not_found()
        return record

    def list_fields(self, call):
        """GET …CustomFieldMeta."""
        fields = list(call.account[self.meta].values())
        rows = [self.show_field(call, field) for field in call.page(fields)]
        return 200, {self.meta: rows, "meta": {"total": str(len(fields))}}

    def read_field(self, call):
        """GET …CustomFieldMeta/{id}."""
        field = self.known(call, self.meta)
        return 200, {self.metum: self.show_field(call, field)}

    def update_field(self, call):
        """PUT …CustomFieldMeta/{id}: the type stays what it was."""
        field = self.known(call, self.meta)
        values = pick(call.envelope(self.metum), COLUMNS)
        values["fieldType"] = field["fieldType"]
        stamp = call.account.plain()
        call.account.change(self.meta, field, updatedTimestamp=stamp, **values)
        return 200, {self.metum: self.show_field(call, field)}

    def delete_field(self, call):
        """DELETE …CustomFieldMeta/{id} with its values."""
        field = self.known(call, self.meta)
        for record in call.account.where(self.data, customFieldId=field["id"]):
            self.forget(call.account, record)
        call.account.drop(self.meta, field)
        return 200, {"message": f"{self.class_name}CustomFieldMeta deleted."}

    # --------------------------------------------------------------------- values

    def show_value(self, call, record):
        """A value as the API shows it: ids other than its own are numbers."""
        numbers = {
            f"{self.metum}Id": record["customFieldId"],
            self.owner_id: record[self.owner_id],
            "customFieldId": record["customFieldId"],
        }
        whole = call.show(self.data, record) | numbers
        return whole | {"fieldValue": record["fieldValue"]}

    def store(self, call, values):
        """Set the value of a field of one owner; a known one is changed."""
        owner_id = values.get(self.owner_id) or values.get("customerAccountId")
        owner = call.account.get(f"{self.owner}s", owner_id)
        field = call.account.get(self.meta, values.get("customFieldId"))
        if owner is None or field is None:
            raise not_found()
        value = checked(field, values.get("fieldValue"))
        return self.keep(call.account, owner, field, value, values)

    def keep(self, account, owner, field, value, values):
        """Store a checked value; the owner knows its values by field."""
        mine = owner.setdefault("_custom", {})
        stamp = account.plain()
        record = account.get(self.data, mine.get(field["id"])) or account.add(
            self.data,
            **{self.owner_id: owner["id"], "customFieldId": field["id"]},
            createdTimestamp=stamp,
        )
        mine[field["id"]] = record["id"]
        record |= {"fieldValue": value, "updatedTimestamp": stamp}
        record |= pick(values, ("fieldCurrency",))
        return record

    def forget(self, account, record):
        """Remove a value from its owner and for good."""
        owner = account.get(f"{self.owner}s", record[self.owner_id])
        if owner:
            owner.get("_custom", {}).pop(record["customFieldId"], None)
        account.drop(self.data, record)

    def create_value(self, call):
        """POST …CustomFieldData."""
        record = self.store(call, call.envelope(self.datum))
        return 200, {self.datum: self.show_value(call, record)}

    def create_many(self, call):
        """POST …CustomFieldData/bulkCreate with a bare array."""
        for values in self.rows(call):
            self.store(call, values)
        return 200, {"message": "the bulk insert was successful"}

    def update_many(self, call):
        """PATCH …CustomFieldData/bulkUpdate with a bare array."""
        records = []
        for values in self.rows(call):
            record = call.account.get(self.data, values.get("id"))
            if record is None:
                raise not_found()
            self.change(call, record, values)
            records.append(str(record["id"]))
        name = f"{self.class_name}CustomFieldDatas"
        ids = ", ".join(records)
        return 200, {"message": f"{name} with ID(s): {ids} successfully bulk updated."}

    def rows(self, call):
        """The objects of a bare array."""
        if not isinstance(call.body, list):
            raise Refused(400, {})
        return call.body

    def change(self, call, record, values):
        """Change one value after checking it against its field."""
        field = call.account.need(self.meta, record["customFieldId"])
        record["fieldValue"] = checked(field, values.get("fieldValue"))
        record["updatedTimestamp"] = call.account.plain()
        record |= pick(values, ("fieldCurrency",))

    def list_values(self, call):
        """GET …CustomFieldData by the owner's id, under either of its names."""
        wanted = call.filters()
        owner = wanted.get(self.owner_id) or wanted.get("customerAccountId")
        found = call.account.where(
            self.data, **({self.owner_id: owner} if owner else {})
        )
        rows = [self.show_value(call, record) for record in call.page(found)]
        return 200, {self.data: rows, "meta": {"total": len(found)}}

    def values_of_owner(self, call):
        """GET /accounts|deals/{id}/…CustomFieldData."""
        owner = call.record(f"{self.owner}s")
        data = call.account[self.data]
        found = [data[key] for key in owner.get("_custom", {}).values()]
        return 200, {self.data: [self.show_value(call, record) for record in found]}

    def read_value(self, call):
        """GET …CustomFieldData/{id}."""
        return 200, {self.datum: self.show_value(call, self.known(call, self.data))}

    def update_value(self, call):
        """PUT …CustomFieldData/{id}."""
        record = self.known(call, self.data)
        self.change(call, record, call.envelope(self.datum))
        return 200, {self.datum: self.show_value(call, record)}

    def delete_value(self, call):
        """DELETE …CustomFieldData/{id}."""
        self.forget(call.account, self.known(call, self.data))
        return 200, {"message": f"{self.class_name}CustomFieldData deleted."}

    # ------------------------------------------------ values inside account and deal

    def save_inner(self, call, owner, rows):
        """`fields` of an account or deal body; the echo that its answer carries."""
        echo = []
        for row in rows or []:
            self.store(call, row | {self.owner_id: owner["id"]})
            echo.append(row | {self.owner_id: str(number(owner["id"]))})
        return echo


ACCOUNTS, DEALS = Family("account"), Family("deal")
ROUTES = [*ACCOUNTS.routes(), *DEALS.routes()]
