"""The data package of an export: a JSON file beside it that says what is in it, for people and programs.

Form: Frictionless Data Package 2.0 (https://datapackage.org/standard/data-package/). `unit` (UCUM) and
`decimals` of fields and all of `messnetz` are our own.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from devices.publisher import Publisher
from publish.export import reasons, told
from publish.export.about import About
from publish.export.ask import Format
from publish.export.licences import licence
from publish.export.series import Gathered
from publish.export.sheet import Kind, Sheet
from publish.export.write import fields, xlsx
from publish.export.write.fields import Field

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_MEDIA_TYPES: Mapping[Format, str] = {
    "csv": "text/csv",
    "csv-de": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "ndjson": "application/x-ndjson",
}
#: What programs read as tables without further libraries; the others are files whose columns are told.
_TABLES = ("csv", "csv-de", "xlsx")
#: Those in whose cells words stand instead of a program's names.
_FOR_PEOPLE = ("csv-de", "xlsx")
_TYPES: Mapping[Kind, str] = {"time": "datetime", "text": "string", "number": "number", "integer": "integer"}
_GERMAN_TIME = "%d.%m.%Y %H:%M:%S"
_OFFSET = r"UTC[+-]\d{2}:\d{2}"
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_FORBIDDEN = re.compile(r"[^a-z0-9._-]+")

Json = dict[str, Any]


def package(sheet: Sheet, about: About, gathered: Gathered, data_file: Path, format: Format) -> bytes:  # noqa: A002  as the option is called
    """The descriptor (Frictionless Data Package) of `data_file`, which lies there finished: UTF-8, JSON."""
    name = _name(data_file.name)
    described: Json = {
        "$schema": _PROFILE,
        "name": name,
        "title": about.title,
        "description": "\n\n".join(about.statements),
        "version": _version(about),
        "created": told.utc(about.made_ns),
        "licenses": _unique(_licence(one) for one in about.publishers),
        "contributors": _unique(_contributor(one) for one in about.publishers),
        "sources": _unique(_source(one) for one in about.publishers),
        "keywords": told.keywords(sheet, about),
        "temporal": {"start": told.utc(about.begin_ns), "end": told.utc(about.end_ns)},
        "spatial": told.spatial(about),
        "resources": list(_resources(sheet, about, data_file, format, name)),
        "messnetz": told.told(sheet, about, gathered),
    }
    kept = {key: value for key, value in described.items() if value not in ([], {}, None)}
    # a lone surrogate is no UTF-8; as an escape it is JSON
    return (json.dumps(kept, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")


def _name(file: str) -> str:
    """The file's name as names are allowed to be."""
    return _FORBIDDEN.sub("-", file.lower().rsplit(".", 1)[0]).strip("-._") or "messwerte"


def _version(about: About) -> str:
    """The day of the newest value, as a version."""
    newest = datetime.fromtimestamp((about.newest_ns or about.made_ns) // 1_000_000_000, UTC)
    return f"{newest.year}.{newest.month}.{newest.day}"


def _unique(found: Iterator[Json]) -> list[Json]:
    listed: list[Json] = []
    for one in found:
        if one not in listed:
            listed.append(one)
    return listed


def _licence(publisher: Publisher) -> Json:
    found = licence(publisher.licence)
    return {"name": found.name, **({"path": found.path} if found.path else {}), "title": found.title}


def _contributor(publisher: Publisher) -> Json:
    return {"title": publisher.name, **_contact(publisher), "roles": ["publisher"]}


def _source(publisher: Publisher) -> Json:
    return {"title": publisher.name, **_contact(publisher)}


def _contact(publisher: Publisher) -> Json:
    if _MAIL.fullmatch(publisher.contact):
        return {"email": publisher.contact}
    if re.fullmatch(r"https?://[!-~]+", publisher.contact):
        return {"path": publisher.contact}
    return {}


def _resources(sheet: Sheet, about: About, file: Path, format: Format, name: str) -> Iterator[Json]:  # noqa: A002
    """One; of a workbook one a sheet of values."""
    with file.open("rb") as data:
        digest = hashlib.file_digest(data, "sha256").hexdigest()
    resource: Json = {
        "name": name,
        "type": "table" if format in _TABLES else "file",
        "title": about.title,
        "path": file.name,
        "format": format.partition("-")[0],
        "mediatype": _MEDIA_TYPES[format],
        "bytes": file.stat().st_size,
        "hash": f"sha256:{digest}",
    }
    if format in ("csv", "csv-de", "ndjson", "geojson"):
        resource["encoding"] = "utf-8"
    schema = {
        "fields": [_field(field, sheet, format) for field in fields(sheet, format)],
        "missingValues": [""],
    }
    if format not in _TABLES:
        yield {**resource, "schema": schema}
    elif format == "xlsx":
        for number, (page, rows) in enumerate(xlsx.pages(sheet), 1):
            named = name if number == 1 else f"{name}-{number}"
            dialect = {
                "sheetName": page,
                "excel": {"sheet": page},
            }  # as the standard and as frictionless 5 say
            yield {**resource, "name": named, "dialect": dialect, "rows": rows, "schema": schema}
    else:
        yield {**resource, "dialect": _dialect(format), "rows": sheet.rows, "schema": schema}


def _dialect(format: Format) -> Json:  # noqa: A002
    return {
        "delimiter": "," if format == "csv" else ";",
        "lineTerminator": "\r\n",
        "quoteChar": '"',
        "doubleQuote": True,
        "header": True,
    }


def _field(field: Field, sheet: Sheet, format: Format) -> Json:  # noqa: A002
    column = field.column
    found: Json = {"name": column.name, "title": column.title, "type": _TYPES[column.kind]}
    if column.about:
        found["description"] = column.about
    if column.unit and column.kind in ("number", "integer"):
        found["unit"] = column.unit
    if column.kind == "number":
        found |= {} if column.decimals is None else {"decimals": column.decimals}
        found |= {"decimalChar": ","} if format == "csv-de" else {}
    if column.kind == "time" and format == "csv-de":
        found["format"] = _GERMAN_TIME
    constraints = _constraints(field, sheet, format)
    return {**found, "constraints": constraints} if constraints else found


def _constraints(field: Field, sheet: Sheet, format: Format) -> Json:  # noqa: A002
    if field.column.kind == "time":
        return {"required": True}
    if field.part == "offset":
        return {"required": True, "pattern": _OFFSET}
    if field.column.role == "flag":
        return {"enum": [1, 3]}
    if field.column.role == "coverage":
        return {"minimum": 0, "maximum": 100}
    if field.column.role == "reason":
        people = format in _FOR_PEOPLE
        return {
            "enum": [reasons.word(one).in_language(sheet.lang) if people else one for one in reasons.REASONS]
        }
    return {}
