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
}
