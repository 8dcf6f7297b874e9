"""German for `messnetz check`."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "Check the settings with the files they name, the device types and the registry; nothing is started.\n\n"
    "Every complaint is one line, `file:line: device: what is wrong`. Exits with 1 if there is one.": (
        "Die Einstellungen mit den Dateien, die sie nennen, die Gerätetypen und die Registrierung prüfen;"
        " nichts wird gestartet.\n\n"
        "Jede Beanstandung ist eine Zeile, `Datei:Zeile: Gerät: was falsch ist`. Gibt es eine, endet der"
        " Befehl mit 1."
    ),
    "Devices: {devices}, known types: {types}, complaints: {complaints}": (
        "Geräte: {devices}, bekannte Typen: {types}, Beanstandungen: {complaints}"
    ),
}
