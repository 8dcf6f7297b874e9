"""A real Mosquitto on a free port of 127.0.0.1."""

import shutil
from pathlib import Path

from tests.servers.process import Process, answers_tcp, find_program, free_port, missing

HOW = "Mosquitto is missing: `apt-get install mosquitto`, or name it in MESSNETZ_TEST_MOSQUITTO"


class Mosquitto(Process):
    """A broker with persistent sessions in a folder of its own; `host` and `port` say where it listens.

    `lines` are further lines of mosquitto.conf (one that begins with `listener` begins another listener);
    `max_queued_messages` None leaves Mosquitto's own 1000. Does not start by itself: `start()`.
    """

    host = "127.0.0.1"

    def __init__(self, folder: Path, *lines: str, max_queued_messages: int | None = None) -> None:
        program = find_program("mosquitto", "MESSNETZ_TEST_MOSQUITTO") or missing(HOW)
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = free_port()
        self._sessions = folder / "sessions"
        self._sessions.mkdir(exist_ok=True)
        config = folder / "mosquitto.conf"
        config.write_text("\n".join([*self._own_lines(max_queued_messages), *lines, ""]))
        super().__init__(
            [str(program), "-c", str(config)], folder / "mosquitto.log", lambda: answers_tcp(self.port)
        )

    def restart(self, *, lose_sessions: bool = False) -> None:
        """Stop and start on the same port; with `lose_sessions` as a broker that remembers nobody."""
        self.stop()
        if lose_sessions:
            shutil.rmtree(self._sessions)
            self._sessions.mkdir()
        self.start()

    def _own_lines(self, max_queued_messages: int | None) -> list[str]:
        lines = [
            "persistence true",
            f"persistence_location {self._sessions}/",
            "log_dest stderr",
            "user root",  # else it changes to the user `mosquitto`, who cannot write in our folder
        ]
        if max_queued_messages is not None:
            lines.append(f"max_queued_messages {max_queued_messages}")
        # last, so that a line for a listener (TLS, max_inflight_messages …) given to us belongs to this one
        return [*lines, "allow_anonymous true", f"listener {self.port} {self.host}"]
