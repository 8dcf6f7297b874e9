r"""The few transformations of Grafana 11.6 that our boards use, and what each does to a table.

A table ("frame") is a list of named columns. All work on a panel's single table (a query in InfluxQL's table
format, or an instant table of Prometheus, gives exactly one), one after the other:

`organize` (`excludeByName`, `indexByName`, `renameByName`): leaves out the columns named true, sorts the rest
by their number (those without one come last, as they were), then renames. All keys are the names before.

`filterByValue` (`type: include`, `match: all`, filters of `fieldName` and `config.id` `isNotNull`): keeps
the rows where every named column has a value.

`formatTime` (`timeField`, `outputFormat`, `timezone`): the time column becomes text, written in that zone
with moment.js's letters: `HH` the hour `00`-`23`, `E` the weekday `1` (Monday) to `7`; what stands in square
brackets is taken as it is. We use `HOUR` and `WEEKDAY_AND_HOUR` below only.

`extractFields` (`source`, `format: json`): reads each text of the column as a JSON object and adds a text
column for each of its keys, in their order, behind the others.

`groupBy` (`fields`: name -> `operation` `groupby`, or `aggregate` with `aggregations`): one row for each
combination of the `groupby` columns, in the order of their first rows; those columns first, in the table's
order, then for each aggregated column and reducer a column `<name> (<reducer>)`. `mean` passes over missing
values, `count` counts rows. Other columns go.

`sortBy` (`sort: [{field, desc}]`): rows in the order of that column; texts alphabetically.

`groupingToMatrix` (`rowField`, `columnField`, `valueField`, `emptyValue: null`): a row for each value of
`rowField`, a column for each value of `columnField` (both in the order of their first rows), in the cells
`valueField`, nothing where there is none. The first column is named `<rowField>\<columnField>`.
"""

from collections.abc import Iterable, Mapping, Sequence

from grafana_foundation_sdk.models.dashboard import DataTransformerConfig

#: Each that a board may use; a test holds that no other does.
KNOWN = frozenset(
    {
        "organize",
        "filterByValue",
        "formatTime",
        "extractFields",
        "groupBy",
        "sortBy",
        "groupingToMatrix",
    }
)

ZONE = "Europe/Berlin"
HOUR = "HH"
#: A JSON object, because a column can be split by that only.
WEEKDAY_AND_HOUR = '[{"weekday":"]E[","hour":"]HH["}]'


def organize(columns: Mapping[str, str], without: Iterable[str] = ()) -> DataTransformerConfig:
    """The columns in this order under these names; those of `without` are left out."""
    options = {
        "excludeByName": dict.fromkeys(without, True),
        "indexByName": {name: place for place, name in enumerate(columns)},
        "renameByName": {name: title for name, title in columns.items() if title != name},
    }
    return DataTransformerConfig("organize", options=options)


def keep_known(column: str) -> DataTransformerConfig:
    """Only the rows that have a value in this column."""
    known = {"fieldName": column, "config": {"id": "isNotNull", "options": {}}}
    return DataTransformerConfig(
        "filterByValue", options={"type": "include", "match": "all", "filters": [known]}
    )


def format_time(form: str) -> DataTransformerConfig:
    """The time as text in German time, by `HOUR` or `WEEKDAY_AND_HOUR`."""
    options = {"timeField": "Time", "outputFormat": form, "timezone": ZONE, "useTimezone": True}
    return DataTransformerConfig("formatTime", options=options)


def split(column: str) -> DataTransformerConfig:
    """A column of JSON objects as one column a key, behind the others."""
    return DataTransformerConfig(
        "extractFields", options={"source": column, "format": "json", "replace": False, "keepTime": False}
    )


def group(by: Sequence[str], column: str, reducer: str) -> DataTransformerConfig:
    """One row for each combination of `by`, with `column` summarised as `<column> (<reducer>)`."""
    fields: dict[str, object] = {name: {"operation": "groupby", "aggregations": []} for name in by}
    fields[column] = {"operation": "aggregate", "aggregations": [reducer]}
    return DataTransformerConfig("groupBy", options={"fields": fields})


def sort(column: str, *, falling: bool = False) -> DataTransformerConfig:
    """Rows in the order of a column."""
    by = {"field": column, "desc": falling}
    return DataTransformerConfig("sortBy", options={"fields": {}, "sort": [by]})


def matrix(row: str, column: str, value: str) -> DataTransformerConfig:
    """One column's values as rows, another's as columns."""
    options = {"rowField": row, "columnField": column, "valueField": value, "emptyValue": "null"}
    return DataTransformerConfig("groupingToMatrix", options=options)
