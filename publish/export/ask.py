"""What a planner asks for: one model for the options of `messnetz export` and the parameters of its address.

The sentence under a field is its documentation, on the command line and on the page.
"""

from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

Every = Literal["raw", "15min", "1h", "1d", "1mo", "hour-of-day", "hour-of-week", "day-of-week"]
#: Those of `Every` that join all their hours or days into one row each.
PROFILES = ("hour-of-day", "hour-of-week", "day-of-week")
Format = Literal["csv", "csv-de", "xlsx", "parquet", "geojson", "gpkg", "ndjson"]
FORMATS: tuple[Format, ...] = get_args(Format)
Audience = Literal["internal", "partners", "open"]


class Ask(BaseModel):
    """What is to be exported, as it was said; `publish.export.choose` finds out what that means."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    site: tuple[str, ...] = ()
    """Sites, as `Marktplatz`. Default: all."""
    device: tuple[str, ...] = ()
    """Places by their id, as `luft-marktplatz`. Default: all."""
    quantity: tuple[str, ...] = ()
    """Quantities by their name in the catalogue, as `pm2_5`. Default: all that are measured there."""
    municipality: tuple[str, ...] = ()
    """Municipalities by their id, as `giessen`. Default: all."""
    district: tuple[str, ...] = ()
    """Districts. Default: all."""
    label: tuple[str, ...] = ()
    """Labels of the registry, as `inventar=20931`, or `inventar` for any value of it. Default: all."""
    begin: str | None = None
    """First day (`2026-01-01`) or moment (`2026-01-01 06:00`), in local time."""
    to: str | None = None
    """Last day, which belongs to it (`2026-01-31`), or the moment it ends (`2026-02-01 00:00`), in local
    time."""
    last: str | None = None
    """Instead of `from` and `to`: `24h`, `30d`, `4w` up to now; `1mo`, `1y`: whole months or years that
    ended."""
    every: Every = "raw"
    """`raw`, one figure a window of local time (`15min`, `1h`, `1d`, `1mo`), or a profile: the mean
    `hour-of-day`, `hour-of-week` or `day-of-week`. Default: `raw`."""
    aggregate: str = "auto"
    """How values of a window become one: `auto` takes the catalogue's rule for each quantity; `min` and `max`
    go with most. Default: `auto`."""
    figures: Literal["traffic", "parking"] | None = None
    """Instead of values: figures of `traffic` or `parking` for the whole time, each with its formula."""
    suspect: Literal["keep", "drop"] = "keep"
    """What to do with suspect values: `keep` them, marked, or `drop` them. Failed ones are always left out.
    Default: `keep`."""
    format: Format = "csv"
    """What is written: `csv` for machines, `csv-de` for German Excel, `xlsx`, `parquet`, `geojson`, `gpkg`,
    `ndjson`. Default: `csv`."""
    shape: Literal["wide", "long"] | None = None
    """`wide`: a row a time and a column a series; `long`: a row a value. Default: as the format is used."""
    audience: Audience = "internal"
    """Who gets it: `internal`, `partners` or `open`. Devices whose `publish` does not allow it are left out.
    Default: `internal`."""
    lang: Literal["de", "en"] = "de"
    """Language of heads and notes: `de` or `en`. Default: `de`."""
