"""A real InfluxDB: version 1.8 as a process of ours."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from ingest.settings import Influx
from tests.servers.process import Process, find_program, free_port, missing

HOW = (
    "InfluxDB is missing: "
    "`GOBIN=$PWD/.cache/bin go install github.com/influxdata/influxdb/cmd/influxd@v1.8.10`, "
    "or name the program in MESSNETZ_TEST_INFLUXD, "
    "or a server in MESSNETZ_TEST_INFLUX_URL, _TOKEN and _ORG"
)
CONFIG = """
reporting-disabled = true
bind-address = "127.0.0.1:{rpc}"
[meta]
dir = "{folder}/meta"
[data]
dir = "{folder}/data"
wal-dir = "{folder}/wal"
query-log-enabled = false
[monitor]
store-enabled = false
[http]
bind-address = "127.0.0.1:{http}"
log-enabled = false
[[udp]]
enabled = false
"""


class Influxd(Process):
    """InfluxDB 1.8 with its own folder on free ports of 127.0.0.1. Does not start by itself: `start()`."""

    token = ""

    def __init__(self, folder: Path) -> None:
        program = find_program("influxd", "MESSNETZ_TEST_INFLUXD") or missing(HOW)
        folder.mkdir(parents=True, exist_ok=True)
        port = free_port()
        config = folder / "influxdb.conf"
        config.write_text(CONFIG.format(folder=folder, http=port, rpc=free_port()))
        self.url = f"http://127.0.0.1:{port}"
        super().__init__(
            [str(program), "run", "-config", str(config)], folder / "influxd.log", lambda: answers(self.url)
        )

    def restart(self) -> None:
        """Stop and start with the same data on the same port."""
        self.stop()
        self.start()

    def new_database(self, folder: Path, *, retention: str = "INF") -> "Database":
        """A fresh database whose default policy `street` keeps points for `retention` (`30d`, say)."""
        name = f"t{uuid.uuid4().hex[:12]}"
        duration = f"DURATION {retention} REPLICATION 1 SHARD DURATION 1w NAME street"
        database = Database(folder, self.url, f"{name}/street", "", self.token, retention == "INF", self)
        database.query(f"CREATE DATABASE {name} WITH {duration}", post=True)
        return database

    def keep_for_ever(self, database: "Database") -> None:
        """Let it keep points without an end from now on."""
        name, _, policy = database.bucket.partition("/")
        database.query(f'ALTER RETENTION POLICY "{policy}" ON "{name}" DURATION INF', post=True)

    def drop(self, database: "Database") -> None:
        """Remove it with all that it holds."""
        database.query(f"DROP DATABASE {database.bucket.partition('/')[0]}", post=True)


@dataclass
class Database:
    """Where a test's points go."""

    folder: Path  #: for the token file
    url: str
    bucket: str
    org: str = ""
    token: str = ""
    keeps_for_ever: bool = True
    server: Influxd | None = None

    def settings(self, **more: Any) -> Influx:
        """The section `influx` of messnetz.yaml for this database."""
        token_file = None
        if self.token:
            token_file = self.folder / "influx.token"
            token_file.write_text(self.token + "\n")
        values = {"url": self.url, "bucket": self.bucket, "org": self.org, "token_file": token_file}
        return Influx(**{**values, **more})

    @property
    def _login(self) -> dict[str, str]:
        return {"Authorization": f"Token {self.token}"} if self.token else {}

    def query(self, influxql: str, *, post: bool = False) -> list[dict[str, Any]]:
        """The series of one InfluxQL statement: dicts with `name`, `tags`, `columns`, `values`."""
        database, _, policy = self.bucket.partition("/")
        what = {"db": database, "q": influxql, "epoch": "ns"} | ({"rp": policy} if policy else {})
        if influxql.startswith("CREATE DATABASE"):
            what = {"q": influxql}
        request = Request(  # noqa: S310  our own http address
            f"{self.url}/query?{urlencode(what)}", method="POST" if post else "GET", headers=self._login
        )
        with urlopen(request, timeout=60) as answer:  # noqa: S310  our own http address
            result = json.load(answer)["results"][0]
        assert "error" not in result, result["error"]
        return list(result.get("series", []))

    def rows(self, measurement: str, columns: Sequence[str] = ("*",)) -> list[dict[str, Any]]:
        """All points of a measurement as dicts (`time` in ns, fields and tags), oldest first."""
        listed = ", ".join(column if column == "*" else f'"{column}"' for column in columns)
        found = self.query(f'SELECT {listed} FROM "{measurement}"')  # noqa: S608  the test's own names
        return [dict(zip(one["columns"], row, strict=True)) for one in found for row in one["values"]]

    def write(self, line: str) -> None:
        """One line of line protocol past the service; the server's refusal is `HTTPError`."""
        where = urlencode({"org": self.org, "bucket": self.bucket})
        request = Request(  # noqa: S310  our own http address
            f"{self.url}/api/v2/write?{where}", data=line.encode(), headers=self._login, method="POST"
        )
        with urlopen(request, timeout=10) as answer:  # noqa: S310  our own http address
            assert answer.status == 204

    def count(self, measurement: str, field: str) -> int:
        """How many points of a measurement have this field."""
        found = self.query(f'SELECT count("{field}") FROM "{measurement}"')  # noqa: S608  the test's own names
        return int(found[0]["values"][0][1]) if found else 0


def answers(url: str) -> bool:
    """Whether something answers a ping there."""
    try:
        with urlopen(f"{url}/ping", timeout=1):  # noqa: S310  our own http address
            return True
    except (HTTPError, URLError, OSError):
        return False
