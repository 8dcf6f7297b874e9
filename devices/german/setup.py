"""German for `messnetz init`."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "Write the first files of an installation: config/ with secrets of its own, .env, folders for data.\n\n"
    "In a clone everything is then there for docker-compose.yml. What is there already stays as it is, so it"
    " may be run again, for what a newer version brings along.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz init\n"
    "  messnetz init /srv/messnetz": (
        "Die ersten Dateien einer Installation schreiben: config/ mit eigenen Geheimnissen, .env, Ordner für"
        " Daten.\n\n"
        "In einem Klon ist danach alles für docker-compose.yml da. Was schon da ist, bleibt, wie es ist; der"
        " Befehl darf also wieder laufen, für das, was eine neuere Version mitbringt.\n\n"
        "\b\n"
        "Beispiele:\n"
        "  messnetz init\n"
        "  messnetz init /srv/messnetz"
    ),
    "Where to write.": "Wohin geschrieben wird.",
    "written: {file}": "geschrieben: {file}",
    "kept: {file}": "war schon da: {file}",
    "What to do next:": "Wie es weitergeht:",
    "  1. docker compose up -d --build   (with ChirpStack: --profile lorawan before `up`)": (
        "  1. docker compose up -d --build   (mit ChirpStack: --profile lorawan vor `up`)"
    ),
    "  2. ./compose-messnetz devices add   registers the first sensor": (
        "  2. ./compose-messnetz devices add   registriert den ersten Sensor"
    ),
    "  3. open {url}: user admin, password in {file}": (
        "  3. {url} öffnen: Benutzer admin, Passwort in {file}"
    ),
    "What to do next (without containers; those need a clone, see docs/install.en.md):": (
        "Wie es weitergeht (ohne Container; die brauchen einen Klon, siehe docs/install.de.md):"
    ),
    "  1. in {file}: name your broker and your database": "  1. in {file}: Broker und Datenbank nennen",
    "  2. messnetz check -c {file}": "  2. messnetz check -c {file}",
    "  3. messnetz run -c {file}": "  3. messnetz run -c {file}",
    "is there room? Else name a folder that is yours, or run it as the user whose folder this is": (
        "ist Platz da? Sonst einen eigenen Ordner nennen, oder den Befehl als der Benutzer ausführen, dem"
        " dieser Ordner gehört"
    ),
    "{file} is there, but not {secret}, which it holds": (
        "{file} ist da, aber nicht {secret}, das darin steht"
    ),
    "put {secret} back from a backup; or move {file} away, and both are made anew": (
        "{secret} aus einer Sicherung zurückholen; oder {file} wegräumen, dann entstehen beide neu"
    ),
}
