"""A list shows as many rows as asked, whoever floods the tables, and says how many it leaves out."""

import asyncio
import json
from pathlib import Path

from ingest.group import Group
from ingest.settings import Spool as Limits
from ingest.spool import open_spool
from tests.servers.messnetz import Messnetz
from tests.spool_rows import dead_letter, kept_row

NOWHERE = {"name": "town", "format": "chirpstack", "host": "127.0.0.1", "port": 9}


def test_of_many_strangers_and_dead_letters_the_lists_show_as_many_as_asked(tmp_path: Path) -> None:
    service = Messnetz(tmp_path, {"store": "embedded", "brokers": [NOWHERE]})
    spool = open_spool(service.state, Limits())
    kept = [kept_row(f"70b3d57eff{number:06x}") for number in range(1200)]
    asyncio.run(spool.commit(Group(kept=kept, dead=[dead_letter(device=f"d{n}") for n in range(70)])))
    spool.close()
    listed = service.run_command("quarantine", "list")
    assert "... and 1 150 more: --limit" in listed.stdout.splitlines()
    assert "the oldest 50 messages" in listed.stdout.splitlines()
    assert len(listed.stdout.splitlines()) < 120
    unknown = service.run_command("devices", "unknown", "--limit", "20")
    assert unknown.stdout.startswith("1200 unknown")
    assert "... and 1 180 more: --limit" in unknown.stdout.splitlines()
    as_json = service.run_command("devices", "unknown", "--json")
    assert len(json.loads(as_json.stdout)) == 50
    assert as_json.stderr.strip() == "... and 1 150 more: --limit"
    dead = service.run_command("dead-letters", "list", "--limit", "10")
    assert "... and 60 more: --limit" in dead.stdout.splitlines()
    all_of_them = service.run_command("devices", "unknown", "--limit", "1200")
    assert "more" not in all_of_them.stdout
