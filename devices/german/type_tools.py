"""German for `messnetz types` and the drafts of device types."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    # drafts
    "TODO: is it {quantity}, in {unit}?": "TODO: Ist es {quantity}, in {unit}?",
    "TODO: does it count for ever? Add its width in bits if it begins anew at 0": (
        "TODO: Zählt es für immer? Breite in Bit (width) ergänzen, wenn es wieder bei 0 beginnt"
    ),
    "TODO: is it what was counted since the last uplink?": ("TODO: Ist es die Zahl seit dem letzten Uplink?"),
    "TODO: are these all words that it says?": "TODO: Sind das alle Wörter, die es sagt?",
    "TODO: is it how many are there now?": "TODO: Ist es die Zahl derer, die jetzt da sind?",
    "TODO: not recognised. Name quantity and unit and move the line under `values`, or delete it": (
        "TODO: Nicht erkannt. Größe und Einheit nennen und die Zeile unter `values` schieben, oder löschen"
    ),
    "a list: `each: {path}` makes a reading of every item": (
        "eine Liste: `each: {path}` macht aus jedem Eintrag einen Messwert"
    ),
    "TODO: write maker and model as the maker does, and where its payload is documented": (
        "TODO: Hersteller und Modell schreiben, wie der Hersteller es tut, und wo die Payload beschrieben ist"
    ),
    "TODO: how often it speaks, as it is set": "TODO: wie oft es sendet, so wie es eingestellt ist",
    "TODO: no name was recognised: this stands in for what it measures": (
        "TODO: kein Name wurde erkannt: dies hält den Platz frei für das, was es misst"
    ),
    "TODO: at how many volts its battery is to be changed": (
        "TODO: bei wie viel Volt die Batterie zu wechseln ist"
    ),
    "our own device, {day}": "eigenes Gerät, {day}",
    # which type
    "The models of sensors that can be read.": "Die Sensormodelle, die gelesen werden können.",
    "there is no device type {name}{near}": "es gibt keinen Gerätetyp {name}{near}",
    "messnetz types list shows all of them; a file is named with its path and .yaml": (
        "messnetz types list zeigt alle; eine Datei wird mit Pfad und .yaml genannt"
    ),
    "messnetz types test says everything that is wrong with it": (
        "messnetz types test sagt alles, was daran falsch ist"
    ),
    "this is no JSON object: it begins with {{ and ends with }}": (
        "das ist kein JSON-Objekt: es beginnt mit {{ und endet mit }}"
    ),
    "this is no JSON: names stand in double quotes, texts too": (
        "das ist kein JSON: Namen stehen in doppelten Anführungszeichen, Texte auch"
    ),
    "Id of the type, or its file.": "Id des Typs oder seine Datei.",
    # list
    "List the device types: maker, model, what they measure, and whether a published example proves it.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz types list\n"
    "  messnetz types list --category water": (
        "Die Gerätetypen zeigen: Hersteller, Modell, was sie messen, und ob ein veröffentlichtes Beispiel es"
        " belegt.\n\n"
        "\b\n"
        "Beispiele:\n"
        "  messnetz types list\n"
        "  messnetz types list --category water"
    ),
    "Only of this category, as air or parking.": "Nur diese Kategorie, etwa air oder parking.",
    "{category} is no category: say one of {allowed}": (
        "{category} ist keine Kategorie: eine von {allowed} angeben"
    ),
    "{count} device types": "{count} Gerätetypen",
    "maker": "Hersteller",
    "model": "Modell",
    "category": "Kategorie",
    "measures": "misst",
    "example": "Beispiel",
    "own only: unverified": "nur eigene: unbestätigt",
    # show
    "Show everything that is known of one model: what it measures and where that stands in its decoded"
    " object, how often it speaks, its battery, and its examples with their sources.\n\n"
    "\b\n"
    "Example:\n"
    "  messnetz types show milesight-em500-udl": (
        "Alles zeigen, was von einem Modell bekannt ist: was es misst und wo das im dekodierten Objekt steht,"
        " wie oft es sendet, seine Batterie und seine Beispiele mit ihren Quellen.\n\n"
        "\b\n"
        "Beispiel:\n"
        "  messnetz types show milesight-em500-udl"
    ),
    "examples": "Beispiele",
    "every {interval}": "alle {interval}",
    "at events, at least every {interval}": "bei Ereignissen, mindestens alle {interval}",
    "says {quantity}; low below {low}": "meldet {quantity}; schwach unter {low}",
    "on mains": "am Stromnetz",
    "says nothing of it": "meldet nichts davon",
    "stands at": "steht bei",
    "tags": "Tags",
    "ports": "Ports",
    "port": "Port",
    "payload": "Payload",
    "source": "Quelle",
    "shows": "zeigt",
    "data sheet": "Datenblatt",
    "decoded by": "dekodiert",
    "the network server": "der Netzwerkserver",
    "speaks": "sendet",
    "battery": "Batterie",
    "by calibration": "durch Kalibrierung",
    "proved by": "belegt durch",
    "published examples": "veröffentlichte Beispiele",
    "own examples only: unverified": "nur eigene Beispiele: unbestätigt",
    # test
    "Run the examples of device types and show, field by field, what was expected and what came.\n\n"
    "Without a name all types are tested, the shipped ones and your own. Ends with 1 if anything differs.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz types test\n"
    "  messnetz types test config/types/acme-x1.yaml": (
        "Die Beispiele von Gerätetypen ausführen und Feld für Feld zeigen, was erwartet war und was kam.\n\n"
        "Ohne Namen werden alle Typen geprüft, die mitgelieferten und die eigenen. Endet mit 1, wenn etwas"
        " abweicht.\n\n"
        "\b\n"
        "Beispiele:\n"
        "  messnetz types test\n"
        "  messnetz types test config/types/acme-x1.yaml"
    ),
    "Ids of types, or their files.": "Ids von Typen oder ihre Dateien.",
    "{type}, example {number}: {source}": "{type}, Beispiel {number}: {source}",
    "device types: {count}; examples: {examples}; types with faults: {failed}": (
        "Gerätetypen: {count}; Beispiele: {examples}; Typen mit Fehlern: {failed}"
    ),
    "nothing": "nichts",
    "expected": "erwartet",
    "got": "erhalten",
    "differs": "weicht ab",
    # decode
    "Show what a type makes of a payload: the decoded object, and the readings with their units.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz types decode milesight-em500-udl --port 85 01755c03821e00\n"
    "  messnetz types decode decentlab-dl-pr26 --port 1 --variable Pmax=3 02016700038000601b0c7f\n"
    """  messnetz types decode milesight-em500-udl --decoded '{{"distance": 30}}'""": (
        "Zeigen, was ein Typ aus einer Payload macht: das dekodierte Objekt und die Messwerte mit"
        " Einheiten.\n\n"
        "\b\n"
        "Beispiele:\n"
        "  messnetz types decode milesight-em500-udl --port 85 01755c03821e00\n"
        "  messnetz types decode decentlab-dl-pr26 --port 1 --variable Pmax=3 02016700038000601b0c7f\n"
        """  messnetz types decode milesight-em500-udl --decoded '{{"distance": 30}}'"""
    ),
    "The uplink's port (f_port).": "Port des Uplinks (f_port).",
    "The network server's decoded object, as JSON, instead.": (
        "Stattdessen das dekodierte Objekt des Netzwerkservers, als JSON."
    ),
    "What the codec asks for, as Pmax=3; repeatable.": (
        "Was der Codec wissen will, etwa Pmax=3; mehrfach möglich."
    ),
    "say either a payload in hex digits or --decoded with a JSON object": (
        "entweder eine Payload in Hex-Ziffern angeben oder --decoded mit einem JSON-Objekt"
    ),
    "the payload of {type} is decoded by the network server, not here": (
        "die Payload von {type} dekodiert der Netzwerkserver, nicht Messnetz"
    ),
    "give its decoded object with --decoded": "sein dekodiertes Objekt mit --decoded angeben",
    "{count} readings": "{count} Messwerte",
    "what to do": "was zu tun ist",
    # new
    "Draft a device type from one uplink of the model.\n\n"
    "What the names in the decoded object tell is mapped with its unit, the rest is left as TODO. The uplink"
    " becomes the type's example, so that messnetz types test passes at once.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz types new acme-x1 --from-unknown 70b3d57ba0000a1c\n"
    "  messnetz types new acme-x1 --decoded object.json\n"
    "  messnetz types new acme-x1 --from-uplink event.json\n"
    "  messnetz types new acme-x1 --payload 01755c --port 85 --codec acme.js": (
        "Einen Gerätetyp aus einem Uplink des Modells entwerfen.\n\n"
        "Was die Namen im dekodierten Objekt verraten, wird mit seiner Einheit zugeordnet, der Rest bleibt"
        " als TODO stehen. Der Uplink wird zum Beispiel des Typs, sodass messnetz types test sofort"
        " besteht.\n\n"
        "\b\n"
        "Beispiele:\n"
        "  messnetz types new acme-x1 --from-unknown 70b3d57ba0000a1c\n"
        "  messnetz types new acme-x1 --decoded object.json\n"
        "  messnetz types new acme-x1 --from-uplink event.json\n"
        "  messnetz types new acme-x1 --payload 01755c --port 85 --codec acme.js"
    ),
    "Id of the type: maker and model, as acme-x1.": "Id des Typs: Hersteller und Modell, etwa acme-x1.",
    "A decoded object as JSON; - reads standard input.": (
        "Ein dekodiertes Objekt als JSON; - liest die Standardeingabe."
    ),
    "A network server's message; - reads standard input.": (
        "Eine Nachricht eines Netzwerkservers; - liest die Standardeingabe."
    ),
    "The newest uplink of a sender that devices unknown lists.": (
        "Der neueste Uplink eines Senders, den devices unknown zeigt."
    ),
    "A payload in hex digits.": "Eine Payload in Hex-Ziffern.",
    "Who decodes: lns (the network server), a codec's name, or a .js file.": (
        "Wer dekodiert: lns (der Netzwerkserver), der Name eines Codecs oder eine .js-Datei."
    ),
    "Who makes it. Default: from the name.": "Wer es herstellt. Standard: aus dem Namen.",
    "What the maker calls it. Default: from the name.": (
        "Wie der Hersteller es nennt. Standard: aus dem Namen."
    ),
    "Where to write it; - prints it. Default: the folder of types.": (
        "Wohin geschrieben wird; - gibt es aus. Standard: der Ordner der Typen."
    ),
    "{name} is no id: use lower-case letters, digits and - only": (
        "{name} ist keine Id: nur Kleinbuchstaben, Ziffern und - verwenden"
    ),
    "{file} is there already": "{file} gibt es schon",
    "choose another name, or another file with --output": (
        "einen anderen Namen wählen oder mit --output eine andere Datei"
    ),
    "say where the uplink is: one of {options}": "angeben, wo der Uplink ist: eines von {options}",
    "none of its kept messages carries data that can be read": (
        "keine der aufgehobenen Meldungen enthält lesbare Daten"
    ),
    "the uplink has a payload only, no decoded object": (
        "der Uplink hat nur eine Payload, kein dekodiertes Objekt"
    ),
    "a payload alone says nothing without a codec": "eine Payload allein sagt ohne Codec nichts",
    "name who decodes it with --codec: its maker's file, as acme.js, or a codec of ours": (
        "mit --codec nennen, wer sie dekodiert: die Herstellerdatei, etwa acme.js, oder ein Codec von uns"
    ),
    "say on which port the payload came, with --port": "mit --port angeben, auf welchem Port die Payload kam",
    "{codec} is no codec{near}": "{codec} ist kein Codec{near}",
    "this is no message of a network server: {error}": (
        "das ist keine Nachricht eines Netzwerkservers: {error}"
    ),
    "a decoded object alone is read with --decoded": "ein dekodiertes Objekt allein liest --decoded",
    "this message carries no data of a device": "diese Nachricht enthält keine Daten eines Geräts",
    "{file} is written": "{file} ist geschrieben",
    "recognised: {fields}": "erkannt: {fields}",
    "left for you: {fields}": "noch zuzuordnen: {fields}",
    "Look at every TODO in it, then:  messnetz types test {file}": (
        "Jedes TODO darin ansehen, dann:  messnetz types test {file}"
    ),
}
