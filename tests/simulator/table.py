"""Records of one kind by integer id."""

from bisect import bisect_left, bisect_right


class Table(dict):
    """`{id: record}` with ids that only grow, and an index for each unique column.

    Ids are given in ascending order and never again, as the real account does, so
    that walking by `id_greater` neither misses nor repeats a record.
    """

    def __init__(self, columns=()):
        super().__init__()
        self.index = {column: {} for column in columns}
        self.ids = []
        self.last = 0

    def add(self, record):
        """Give `record` the next id and store it."""
        self.last += 1
        record["id"] = self.last
        self[self.last] = record
        self.ids.append(self.last)
        self._index(record)
        return record

    def change(self, record, values):
        """Set `values` in `record`, keeping the indexes right."""
        self._forget(record)
        record.update(values)
        self._index(record)

    def drop(self, record):
        """Remove `record` for good."""
        self._forget(record)
        del self[record["id"]]
        del self.ids[bisect_left(self.ids, record["id"])]

    def lookup(self, value, column=None):
        """The record with this value in a unique column (the first one) or None.

        Upper and lower case are the same.
        """
        found = self.index[column or next(iter(self.index))]
        return self.get(found.get(str(value).casefold()))

    def after(self, record_id):
        """Records with a greater id, ascending."""
        start = bisect_right(self.ids, record_id)
        return [self[number] for number in self.ids[start:]]

    def _index(self, record):
        for column, found in self.index.items():
            if record.get(column):
                found[str(record[column]).casefold()] = record["id"]

    def _forget(self, record):
        for column, found in self.index.items():
            if record.get(column):
                found.pop(str(record[column]).casefold(), None)
