"""Where time series rest: an InfluxDB, or a file of our own, behind `ingest.seams.Store`."""

from ingest.seams import Store
from ingest.settings import Settings
from ingest.store.tables import Tables

#: The name of the embedded store in its state folder.
FILE_NAME = "store.db"


def open_store(settings: Settings) -> Store:
    """The store that the settings name. Touches neither network nor disk: everything may be down."""
    if settings.store == "influx":
        assert settings.influx is not None  # noqa: S101  the settings' own validator holds this
        # influxdb-client takes 0.4 s to import, which the demo need not wait for
        from ingest.store.influx import InfluxStore  # noqa: PLC0415

        return InfluxStore(settings.influx)
    from ingest.store.embedded import EmbeddedStore  # noqa: PLC0415

    return EmbeddedStore(settings.state / FILE_NAME)


def open_tables(settings: Settings) -> Tables:
    """The store that the settings name, to be read in columns. Touches neither network nor disk."""
    if settings.store == "influx":
        assert settings.influx is not None  # noqa: S101  the settings' own validator holds this
        # pyarrow takes its time to import, which nothing but an export needs to wait for
        from ingest.store.influx_tables import InfluxTables  # noqa: PLC0415

        return InfluxTables(settings.influx)
    from ingest.store.embedded_tables import EmbeddedTables  # noqa: PLC0415

    return EmbeddedTables(settings.state / FILE_NAME)
