"""After an unknown sender was registered: the running service reads the registry and replays what it said."""

from dataclasses import dataclass
from typing import Any

from devices.language import say
from ingest import spool_read
from ingest.cli.common import ask_service
from ingest.errors import NotRunning
from ingest.settings import Settings

#: Reasons for which messages may stay in the quarantine that are worth telling.
REASONS = 3


@dataclass(frozen=True, slots=True)
class TakenUp:
    """What became of the messages of a sender that was unknown. `readings` is None without a service."""

    kept: int
    readings: int | None
    waiting: str = ""
    still: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The same for people."""
        if self.readings is None:
            return say(
                "No service runs: the {kept} messages kept of it are replayed when one starts.",
                kept=self.kept,
            )
        if self.waiting:
            return self.waiting
        said = say(
            "The running service took it up: {readings} of {kept} kept messages became readings.",
            readings=self.readings,
            kept=self.kept,
        )
        return "\n".join([said, *(say("Still kept: {reason}", reason=reason) for reason in self.still)])

    @property
    def as_json(self) -> dict[str, Any]:
        """The same for scripts."""
        return {"kept": self.kept, "became_readings": self.readings, "still_kept": list(self.still)}


def take_up(settings: Settings, address: str, kept: int) -> TakenUp:
    """Let the running service read the files now; `kept` messages of this sender waited before."""
    try:
        done = ask_service(settings, "POST", "/devices/reload", {})
    except NotRunning:
        return TakenUp(kept, None)
    rows, _ = spool_read.kept_summary(settings.state, address=address, limit=REASONS)
    # where the service saw the file change first, it replayed before it was asked
    left = sum(row.count for row in rows)
    readings = done.get("replayed", {}).get("stored", 0) if done["changed"] else kept - left
    return TakenUp(kept, max(0, readings), done["waiting"], tuple(row.detail for row in rows))
