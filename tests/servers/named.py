"""A running InfluxDB that the environment names, in place of one of ours: see `named_influxd`."""

import os
from pathlib import Path
from urllib.request import urlopen

from ingest.store.version import major
from tests.servers.influxdb import Database, Influxd
from tests.servers.influxdb2 import Influxd2


def named_influxd() -> Influxd | None:
    """The server of `MESSNETZ_TEST_INFLUX_URL`, if there is one, by its version; it is not ours to stop.

    `_TOKEN` may make databases (of 1.8: user:password; of 2: an operator's of `_ORG`), for each test gets its
    own, which is removed at the end. Version 3 is given one, `_BUCKET`, for all of them.
    """
    url, token, org, bucket = (
        os.environ.get(f"MESSNETZ_TEST_INFLUX_{part}", "") for part in ("URL", "TOKEN", "ORG", "BUCKET")
    )
    if not url:
        return None
    with urlopen(f"{url.rstrip('/')}/ping", timeout=10) as answer:  # noqa: S310  what the environment names
        version = major(answer.headers.get("X-Influxdb-Version", ""))
    if version == 1:
        return _Named1(url.rstrip("/"), token)
    if version == 2:
        return _Named2(url.rstrip("/"), token, org)
    return _Named3(url.rstrip("/"), token, bucket)


class _Running(Influxd):
    """Not ours to start or stop. What was made there is removed, but for tokens of buckets that are gone."""

    def new_database(self, folder: Path, *, retention: str = "INF") -> Database:
        self._made.append(super().new_database(folder, retention=retention))
        return self._made[-1]

    def start(self) -> None:
        """It runs."""
        self._made: list[Database] = []

    def kill(self) -> None:
        """Leave it as it was."""
        for database in self._made:
            self.drop(database)


class _Named1(_Running):
    def __init__(self, url: str, token: str) -> None:
        self.url, self.token = url, token


class _Named2(_Running, Influxd2):
    def __init__(self, url: str, token: str, org: str) -> None:
        self.url, self.operator, self.org = url, token, org
        self.org_id = str(self.ask("GET", "/api/v2/orgs", org=org)["orgs"][0]["id"])


class _Named3(Influxd):
    def __init__(self, url: str, token: str, bucket: str) -> None:
        self.url, self.token, self._bucket = url, token, bucket

    def new_database(self, folder: Path, *, retention: str = "INF") -> Database:  # noqa: ARG002  the same for all
        return Database(folder, self.url, self._bucket, token=self.token, server=self)

    def start(self) -> None:
        """It runs."""

    def kill(self) -> None:
        """It goes on."""
