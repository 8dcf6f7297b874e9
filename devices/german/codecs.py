"""German for `devices.codecs`."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "the network server sent no decoded object for {type}": (
        "der Netzwerkserver hat für {type} kein dekodiertes Objekt geschickt"
    ),
    "set the device's payload codec in the network server, or see there why it failed": (
        "im Netzwerkserver den Payload-Codec des Geräts einstellen oder dort nachsehen, warum er scheiterte"
    ),
    "{codec} cannot read {payload} on port {port}: {error}": (
        "{codec} kann {payload} auf Port {port} nicht lesen: {error}"
    ),
    "{file} is not run here": "{file} wird hier nicht ausgeführt",
    "the payload ends too early": "die Payload endet zu früh",
    "another firmware, or another type?": "andere Firmware oder anderer Gerätetyp?",
    "protocol version {version} is not known, only 2": (
        "Protokollversion {version} ist nicht bekannt, nur 2"
    ),
    "variable {name} of the installation is missing": "bei der Installation fehlt die Variable {name}",
    "variable {name} is {text}: write a number, as in 0.256": (
        "die Variable {name} ist {text}: eine Zahl schreiben, etwa 0.256"
    ),
    "the payload says more than this model does: another type?": (
        "die Payload sagt mehr, als dieses Modell misst: anderer Gerätetyp?"
    ),
    "a value of type {kind} is not known": "ein Wert vom Typ {kind} ist nicht bekannt",
    "working mode {mode} is not known": "der Betriebsmodus {mode} ist nicht bekannt",
    "stored values that were asked for are not read": (
        "gespeicherte Werte, die abgefragt wurden, werden nicht gelesen"
    ),
}
