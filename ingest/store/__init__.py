"""Where time series rest: an InfluxDB, or a file of our own, behind `ingest.seams.Store`."""

from ingest.seams import Store
from ingest.settings import Settings

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
