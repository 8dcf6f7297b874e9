"""German for `ingest.scripts`, `messnetz codec` and `devices.codecs.cayenne_lpp`."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "the codec threw something that has no words": "der Codec brach ohne ein Wort ab",
    "the codec's result is too large: {size} bytes, 65536 are allowed": (
        "das Ergebnis des Codecs ist zu groß: {size} Byte, erlaubt sind 65536"
    ),
    "the codec took too long: 0.1 s of computing are allowed": (
        "der Codec brauchte zu lange: erlaubt sind 0,1 s Rechenzeit"
    ),
    "the codec took too much memory: 32 MiB are allowed": (
        "der Codec brauchte zu viel Speicher: erlaubt sind 32 MiB"
    ),
    "the codec has no function decodeUplink, Decode or Decoder": (
        "der Codec hat keine Funktion decodeUplink, Decode oder Decoder"
    ),
    "the codec answers with a promise: it has to return its result at once, without async": (
        "der Codec antwortet mit einem Promise: er muss sein Ergebnis sofort zurückgeben, ohne async"
    ),
    "the codec returned no object": "der Codec gab kein Objekt zurück",
    "the codec returned a list, not an object": "der Codec gab eine Liste zurück, kein Objekt",
    "the codec returned a text, not an object: {text}": "der Codec gab Text zurück, kein Objekt: {text}",
    "the codec's result cannot be written as JSON: it contains itself, or is too deep": (
        "das Ergebnis des Codecs lässt sich nicht als JSON schreiben: es enthält sich selbst oder ist zu tief"
        " verschachtelt"
    ),
    "the codec took too long several times and is not run for 5 minutes": (
        "der Codec brauchte mehrmals zu lange und wird 5 Minuten lang nicht ausgeführt"
    ),
    "Messnetz is being stopped": "Messnetz wird gerade beendet",
    "the process of the codecs ended: {words}": "der Prozess der Codecs endete: {words}",
    "once the codec is mended, read them again: messnetz quarantine replay": (
        "sobald der Codec berichtigt ist, noch einmal lesen: messnetz quarantine replay"
    ),
    "mend the codec, or let the network server decode": (
        "den Codec berichtigen oder den Netzwerkserver dekodieren lassen"
    ),
    "{payload} is no hex: digits 0 to 9 and a to f are allowed": (
        "{payload} ist nicht hexadezimal: erlaubt sind die Ziffern 0 bis 9 und a bis f"
    ),
    "{payload} ends in half a byte: two hex digits a byte": (
        "{payload} endet mit einem halben Byte: jedes Byte hat zwei Hexziffern"
    ),
    "there is no file {file}": "die Datei {file} gibt es nicht",
    "JavaScript codecs of the sensors' makers.": "JavaScript-Codecs der Sensorhersteller.",
    "Show what a JavaScript codec makes of a payload, contained as in the service.\n\n"
    "The file is a maker's own: LoRa Alliance TS013 (decodeUplink), or the older Decode or Decoder. Exits"
    " with 1 if it gives no result.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz codec run em500-udl.js --port 85 01 75 5c 03 82 1e 00\n"
    "  messnetz codec run dl-pr26.js --port 1 --variable Pmax=3 --json 02016700038000601b0c7f": (
        "Zeigt, was ein JavaScript-Codec aus einer Payload macht, eingeschlossen wie im Dienst.\n\n"
        "Die Datei ist die des Herstellers: LoRa Alliance TS013 (decodeUplink) oder das ältere Decode oder"
        " Decoder. Gibt er kein Ergebnis, endet der Befehl mit 1.\n\n"
        "\b\n"
        "Beispiele:\n"
        "  messnetz codec run em500-udl.js --port 85 01 75 5c 03 82 1e 00\n"
        "  messnetz codec run dl-pr26.js --port 1 --variable Pmax=3 --json 02016700038000601b0c7f"
    ),
    "The codec.": "Der Codec.",
    "The payload in hex digits, with or without spaces.": (
        "Die Payload in Hex-Ziffern, mit oder ohne Leerzeichen."
    ),
    "When it was received, as 2026-03-01T12:00:00Z; now, if left out.": (
        "Wann sie empfangen wurde, etwa 2026-03-01T12:00:00Z; ohne Angabe: jetzt."
    ),
    "{text} is no time: write it as 2026-03-01T12:00:00Z": (
        "{text} ist keine Zeit: etwa 2026-03-01T12:00:00Z schreiben"
    ),
    "channel {channel} has the unknown type {kind}: all from there is unread": (
        "Kanal {channel} hat den unbekannten Typ {kind}: alles ab dort ist ungelesen"
    ),
    "the value of channel {channel} is cut short": "der Wert von Kanal {channel} ist abgeschnitten",
    "warning: {words}": "Warnung: {words}",
    "error: {words}": "Fehler: {words}",
}
