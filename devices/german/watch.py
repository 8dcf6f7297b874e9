"""German for what becomes of an uplink, and for watching it."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "{what} ({hint})": "{what} ({hint})",
    "{device}: {what}": "{device}: {what}",
    "Last uplink": "Letzter Uplink",
    "Wait for the next uplink of a sensor and show what it said and what became of it.\n\n"
    "NAME is a place of the registry or a DevEUI, registered or not. With a service running it shows what the"
    " service made of it; else it listens at the brokers itself and stores nothing. Ctrl-C ends it.\n\n"
    "On a phone: the same stands on the operators' address under /watch.\n\n"
    "Example:  messnetz devices watch luft-marktplatz": (
        "Auf den nächsten Uplink eines Sensors warten und zeigen, was er sagt und was daraus wird.\n\n"
        "NAME ist ein Ort der Registrierung oder eine DevEUI, registriert oder nicht. Läuft der Dienst, zeigt"
        " er, was er daraus gemacht hat; sonst wird an den Brokern selbst gelauscht und nichts gespeichert."
        " Strg-C beendet es.\n\n"
        "Auf dem Telefon: dasselbe steht auf der Betriebsadresse unter /watch.\n\n"
        "Beispiel:  messnetz devices watch luft-marktplatz"
    ),
    "Place or DevEUI.": "Ort oder DevEUI.",
    "So many uplinks, then end.": "So viele Uplinks, dann Ende.",
    "Wait at most so long.": "Höchstens so lange warten (Sekunden).",
    "a broker cannot be reached: {error}": "ein Broker ist nicht erreichbar: {error}",
    "messnetz doctor says what to change": "messnetz doctor sagt, was zu ändern ist",
    "Watch a sensor": "Einen Sensor beobachten",
    "DevEUI or place": "DevEUI oder Ort",
    "Show": "Anzeigen",
    "Heard last": "Zuletzt gehört",
    "Nobody has been heard since the service started.": "Seit dem Start des Dienstes wurde niemand gehört.",
    "Waiting for the next uplink of {name} ...": "Wartet auf den nächsten Uplink von {name} ...",
    "This page shows each new uplink by itself.": "Diese Seite zeigt jeden neuen Uplink von selbst.",
    "Nothing was heard of it since the service started.": "Seit dem Start des Dienstes war er still.",
    "It is not registered.": "Er ist nicht registriert.",
    "stored": "gespeichert",
    "rejected": "abgelehnt",
    "unknown device": "unbekanntes Gerät",
    "came twice": "kam doppelt",
    "ignored": "übergangen",
    "Readings": "Messwerte",
    "No reading came of it.": "Daraus wurde kein Messwert.",
    "Complaints": "Beanstandungen",
    "Radio": "Funk",
    "The network server said nothing of the radio.": "Der Netzwerkserver sagt nichts zum Funk.",
    "Decoded object": "Dekodiertes Objekt",
    "Payload": "Payload",
    "Message": "Nachricht",
    "port {port}": "Port {port}",
    "frame {number}": "Frame {number}",
    "good": "gut",
    "enough": "ausreichend",
    "weak": "schwach",
    "{margin} dB to spare": "{margin} dB Reserve",
    "{count} gateways": "{count} Gateways",
    "1 gateway": "1 Gateway",
    "plausible": "plausibel",
    "not checked": "nicht geprüft",
    "doubtful": "auffällig",
    "not valid": "nicht gültig",
    "quantity": "Größe",
    "value": "Wert",
    "quality": "Güte",
    "heard {time}": "gehört {time}",
    "over {seconds} s from {time} on": "über {seconds} s ab {time}",
    "uncalibrated {value}": "unkalibriert {value}",
    "The service does not answer; trying again ...": "Der Dienst antwortet nicht; neuer Versuch ...",
    "no service runs: listening at the brokers themselves": (
        "kein Dienst läuft: es wird an den Brokern selbst gelauscht"
    ),
    "stop with Ctrl-C": "Ende mit Strg-C",
    "no uplink came within {seconds} s": "innerhalb von {seconds} s kam kein Uplink",
    "does it have power, and does a gateway hear it? `messnetz devices unknown` shows who speaks"
    " unregistered": (
        "hat er Strom, und hört ihn ein Gateway? `messnetz devices unknown` zeigt, wer unregistriert spricht"
    ),
}
