"""Stands in for InfluxDB's own `influx`: what the scripts in `config/influxdb` ask of it, by its API.

    python -m tests.influx_cli bucket create --org o --name hours --retention 90d

Address and token come from INFLUX_HOST and INFLUX_TOKEN, as there. An option that it does not know ends it.
"""

import argparse
import json
import os
import sys
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

_UNITS_S = {"h": 3600, "d": 86400, "w": 604800}


def main() -> None:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("words", nargs="+")
    for name in ("org", "name", "retention", "description", "user", "username", "password", "id"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--read-bucket", action="append", default=[])
    parser.add_argument("--write-bucket", action="append", default=[])
    parser.add_argument("--hide-headers", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    match asked.words:
        case ["bucket", "create"]:
            rules = [{"type": "expire", "everySeconds": _seconds(asked.retention)}]
            made = {"orgID": _org_id(asked.org), "name": asked.name, "retentionRules": rules}
            _ask("POST", "/api/v2/buckets", made)
        case ["bucket", "list"]:
            for one in _ask("GET", "/api/v2/buckets", org=asked.org, name=asked.name)["buckets"]:
                sys.stdout.write(f"{one['id']}\t{one['name']}\n")
        case ["auth", "create"]:
            _create_token(asked)
        case ["auth", "list"]:
            for one in _ask("GET", "/api/v2/authorizations", org=asked.org)["authorizations"]:
                told = (one["id"], one["description"], one["token"], one["user"], one["userID"])
                # columns as in a table, tabs between them
                sys.stdout.write("\t\t".join(told) + "\t[...]\n")
        case ["auth", "delete"]:
            _ask("DELETE", f"/api/v2/authorizations/{asked.id}")
        case ["v1", "auth", "create"]:
            _create_login(asked)
        case _:
            sys.exit(f"unknown: {asked.words}")


def _create_token(asked: argparse.Namespace) -> None:
    org_id = _org_id(asked.org)
    [user] = _ask("GET", "/api/v2/users", name=asked.user)["users"]
    body = {"orgID": org_id, "userID": user["id"], "description": asked.description}
    made = _ask("POST", "/api/v2/authorizations", body | {"permissions": _allowed(asked, org_id)})
    told = ("id", "description", "token", "status")
    json.dump({name: made[name] for name in told}, sys.stdout, indent="\t")


def _allowed(asked: argparse.Namespace, org_id: str) -> list[dict[str, Any]]:
    return [
        {"action": action, "resource": {"type": "buckets", "orgID": org_id, "id": one}}
        for action, named in (("read", asked.read_bucket), ("write", asked.write_bucket))
        for one in named
    ]


def _create_login(asked: argparse.Namespace) -> None:
    org_id = _org_id(asked.org)
    body = {"orgID": org_id, "token": asked.username, "permissions": _allowed(asked, org_id)}
    made = _ask("POST", "/private/legacy/authorizations", body)
    _ask("POST", f"/private/legacy/authorizations/{made['id']}/password", {"password": asked.password})


def _org_id(name: str) -> str:
    return str(_ask("GET", "/api/v2/orgs", org=name)["orgs"][0]["id"])


def _seconds(text: str) -> int:
    return 0 if text == "0" else int(text[:-1]) * _UNITS_S[text[-1]]


def _ask(method: str, path: str, body: dict[str, Any] | None = None, **params: str) -> Any:
    request = Request(  # noqa: S310  the test's own http address
        f"{os.environ['INFLUX_HOST']}{path}?{urlencode(params)}",
        data=None if body is None else json.dumps(body).encode(),
        method=method,
        headers={"Authorization": f"Token {os.environ['INFLUX_TOKEN']}", "Content-Type": "application/json"},
    )
    with urlopen(request, timeout=30) as answer:  # noqa: S310  as above
        return json.loads(answer.read() or b"null")


if __name__ == "__main__":
    main()
