"""German for the planners' address: its pages, its refusals, its settings."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "partners_login_file needs login_file too: without it the address stays off": (
        "partners_login_file braucht auch login_file: ohne bleibt die Adresse aus"
    ),
}
