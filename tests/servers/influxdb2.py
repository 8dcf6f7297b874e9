"""A real InfluxDB 2 as a process of ours, where the environment names the program.

`tests/servers/build-influxdb2` builds it. CI has none, so a test that needs it is skipped even where real
parts are required.
"""

import json
import os
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests.servers.influxdb import Database, Influxd, answers
from tests.servers.process import Process, free_port

VARIABLE = "MESSNETZ_TEST_INFLUXD2"
HOW = f"InfluxDB 2 is missing: `tests/servers/build-influxdb2 FILE`, then name the file in {VARIABLE}"
#: What a token may do with a bucket.
READ, WRITE = ("read",), ("write",)
BOTH = READ + WRITE
_UNITS_S = {"h": 3600, "d": 86400, "w": 604800}


class Influxd2(Influxd):
    """InfluxDB 2 with its own folder on a free port of 127.0.0.1, in its organisation `city`.

    It is set up when it is first started; `operator` is the token that may do everything.
    """

    org = "city"
    operator = "the-operators-token"
    #: The bucket that the setup makes; it keeps points for ever.
    first_bucket = "readings"

    def __init__(self, folder: Path) -> None:
        program = os.environ.get(VARIABLE)
        if not program:
            pytest.skip(HOW)
        folder.mkdir(parents=True, exist_ok=True)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        paths = {"bolt-path": "bolt", "engine-path": "engine", "sqlite-path": "sqlite"}
        words = [word for option, name in paths.items() for word in (f"--{option}", str(folder / name))]
        command = [program, "run", *words, "--http-bind-address", f"127.0.0.1:{port}", "--reporting-disabled"]
        Process.__init__(self, command, folder / "influxd.log", lambda: answers(self.url))
        self.org_id = ""

    def start(self) -> None:
        """Start, and set it up at the first time, as the image's DOCKER_INFLUXDB_INIT_* do."""
        super().start()
        if self.org_id:
            return
        first = {"username": "admin", "password": self.operator, "token": self.operator}
        made = self.ask("POST", "/api/v2/setup", {**first, "org": self.org, "bucket": self.first_bucket})
        self.org_id = made["org"]["id"]

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None, **params: str) -> Any:
        """One request with the operator's token, and its JSON; fails with the server's words."""
        request = Request(  # noqa: S310  our own http address
            f"{self.url}{path}?{urlencode(params)}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Authorization": f"Token {self.operator}", "Content-Type": "application/json"},
        )
        try:
            with urlopen(request, timeout=60) as answer:  # noqa: S310  our own http address
                return json.loads(answer.read() or b"null")
        except HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from None

    def new_bucket(self, name: str, *, retention: str = "INF") -> str:
        """Make a bucket that keeps points for `retention` (`30d`, say); its id."""
        kept = 0 if retention == "INF" else int(retention[:-1]) * _UNITS_S[retention[-1]]
        rules = [{"type": "expire", "everySeconds": kept}]
        made = self.ask(
            "POST", "/api/v2/buckets", {"orgID": self.org_id, "name": name, "retentionRules": rules}
        )
        return str(made["id"])

    def new_token(self, may: Sequence[str], bucket_ids: Sequence[str] = (), *, org_id: str = "") -> str:
        """A token that may do this with these buckets (none named: with all), and nothing else."""
        org_id = org_id or self.org_id
        body = {"orgID": org_id, "permissions": permissions(may, org_id, bucket_ids)}
        return str(self.ask("POST", "/api/v2/authorizations", body)["token"])

    def new_organisation(self) -> str:
        """Another organisation; its id."""
        return str(self.ask("POST", "/api/v2/orgs", {"name": uuid.uuid4().hex})["id"])

    def new_database(self, folder: Path, *, retention: str = "INF") -> Database:
        """A fresh bucket, and a token that may read and write buckets, and nothing else."""
        name = f"t{uuid.uuid4().hex[:12]}"
        self.new_bucket(name, retention=retention)
        return Database(
            folder, self.url, name, self.org, self.new_token(BOTH), retention == "INF", server=self
        )

    def keep_for_ever(self, database: Database) -> None:
        """Let it keep points without an end from now on."""
        rules = [{"type": "expire", "everySeconds": 0}]
        self.ask("PATCH", f"/api/v2/buckets/{self.id_of(database.bucket)}", {"retentionRules": rules})

    def drop(self, database: Database) -> None:
        """Remove it with all that it holds."""
        self.ask("DELETE", f"/api/v2/buckets/{self.id_of(database.bucket)}")

    def id_of(self, bucket: str) -> str:
        """The id of the bucket of this name."""
        found = self.ask("GET", "/api/v2/buckets", org=self.org, name=bucket)["buckets"]
        return str(found[0]["id"])


def permissions(may: Sequence[str], org_id: str, bucket_ids: Sequence[str] = ()) -> list[dict[str, Any]]:
    """As `/api/v2/authorizations` has them, for these buckets (none named: for all) and nothing else."""
    named = [{"id": one} for one in bucket_ids] or [{}]
    return [
        {"action": action, "resource": {"type": "buckets", "orgID": org_id, **one}}
        for action in may
        for one in named
    ]


def any_influxd(folder: Path) -> Influxd:
    """InfluxDB 2 where the environment names it, else 1.8."""
    return Influxd2(folder) if os.environ.get(VARIABLE) else Influxd(folder)
