"""German for `ingest.lns`: what is wrong with a message of a network server."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    # what every format needs
    "{size} bytes: an event has at most {most}": "{size} Bytes: ein Ereignis hat höchstens {most}",
    "objects or lists are nested too deep": "Objekte oder Listen sind zu tief verschachtelt",
    "no JSON from byte {at} on; {hint}": "kein JSON ab Byte {at}; {hint}",
    "no whole JSON; {hint}": "kein vollständiges JSON; {hint}",
    "{field} is missing; {hint}": "{field} fehlt; {hint}",
    "{field} is not as it should be; {hint}": "{field} ist nicht, wie es sein soll; {hint}",
    "the message is not as it should be; {hint}": "die Nachricht ist nicht, wie sie sein soll; {hint}",
    "{name} at the topic's end is no event that is known: {known}": (
        "{name} am Ende des Topics ist kein bekanntes Ereignis: {known}"
    ),
    "{text} is no DevEUI: it has 16 hex digits": "{text} ist keine DevEUI: sie hat 16 Hex-Ziffern",
    "{said} is no sender's name: write 1 to 200 characters": (
        "{said} ist kein Name eines Senders: 1 bis 200 Zeichen schreiben"
    ),
    "{said} is no time as 2026-03-01T12:00:00Z": "{said} ist keine Zeit wie 2026-03-01T12:00:00Z",
    "{field} is not base64": "{field} ist kein Base64",
    "{field} is not hex: two digits a byte": "{field} ist kein Hex: zwei Ziffern je Byte",
    "the payload is encrypted: let {server} have the AppSKey, so that it decrypts": (
        "die Nutzdaten sind verschlüsselt: {server} den AppSKey geben, damit es entschlüsselt"
    ),
    # ChirpStack
    "expected an event of ChirpStack v4; events of v3 are read with `format: chirpstack_v3`": (
        "erwartet wird ein Ereignis von ChirpStack v4; Ereignisse von v3 liest `format: chirpstack_v3`"
    ),
    "expected an event of ChirpStack v3 as JSON; events of v4 are read with `format: chirpstack`": (
        "erwartet wird ein Ereignis von ChirpStack v3 als JSON; Ereignisse von v4 liest `format: chirpstack`"
    ),
    "expected the statistics of a ChirpStack gateway": (
        "erwartet wird die Statistik eines Gateways von ChirpStack"
    ),
    "an `up` without data, object and rxInfo; {hint}": "ein `up` ohne data, object und rxInfo; {hint}",
    "an `up` on the topic of a `{kind}`": "ein `up` auf dem Topic eines `{kind}`",
    "neither JSON nor Protocol Buffers; {hint}": "weder JSON noch Protocol Buffers; {hint}",
    "{field} is no JSON object": "{field} ist kein JSON-Objekt",
    # The Things Stack
    "expected an event of The Things Stack v3 as JSON": (
        "erwartet wird ein Ereignis von The Things Stack v3 als JSON"
    ),
    "device {device} has no DevEUI: give it one in The Things Stack's console": (
        "das Gerät {device} hat keine DevEUI: ihm in der Konsole von The Things Stack eine geben"
    ),
    "the payload is encrypted end to end: switch off `skip payload crypto` of the application": (
        "die Nutzdaten sind durchgehend verschlüsselt: `skip payload crypto` der Anwendung ausschalten"
    ),
    # the others
    "expected an event of a network server": "erwartet wird ein Ereignis eines Netzwerkservers",
    "{shown} is of no network server that is known by its shape: {formats}, senml; name its `format`,"
    " or its fields with `format: custom`": (
        "{shown} ist von keinem Netzwerkserver, der an der Form zu erkennen ist: {formats}, senml; sein"
        " `format` nennen oder mit `format: custom` seine Felder"
    ),
    "expected a message of Everynet with `type`, `meta` and `params`": (
        "erwartet wird eine Nachricht von Everynet mit `type`, `meta` und `params`"
    ),
    "expected an uplink of Helium's Console as JSON": (
        "erwartet wird ein Uplink der Konsole von Helium als JSON"
    ),
    "expected a `dataUp` of Kerlink Wanesy as JSON": (
        "erwartet wird ein `dataUp` von Kerlink Wanesy als JSON"
    ),
    "expected a message of LORIOT with `cmd`": "erwartet wird eine Nachricht von LORIOT mit `cmd`",
    "expected an uplink of a Milesight gateway as JSON": (
        "erwartet wird ein Uplink eines Gateways von Milesight als JSON"
    ),
    "neither message nor topic says the DevEUI: write $deveui into the topic in the gateway": (
        "weder Nachricht noch Topic nennen die DevEUI: im Gateway $deveui ins Topic schreiben"
    ),
    "neither `data` nor a codec's values; {hint}": "weder `data` noch Werte eines Codecs; {hint}",
    "expected a data point of niotix, with `meta` and `value`": (
        "erwartet wird ein Datenpunkt von niotix mit `meta` und `value`"
    ),
    "expected a push of sensor.community with `sensordatavalues`": (
        "erwartet wird eine Meldung von sensor.community mit `sensordatavalues`"
    ),
    "expected a message of ThingPark with `DevEUI_uplink`": (
        "erwartet wird eine Nachricht von ThingPark mit `DevEUI_uplink`"
    ),
    # SenML
    "expected a list of SenML records (RFC 8428)": (
        "erwartet wird eine Liste von SenML-Einträgen (RFC 8428)"
    ),
    "{field} is to be understood, and is not known here (RFC 8428, 4.4)": (
        "{field} muss verstanden werden und ist hier nicht bekannt (RFC 8428, 4.4)"
    ),
    "SenML of version {version} is not known here: 10 and 26 are": (
        "SenML der Version {version} ist hier nicht bekannt: 10 und 26 sind es"
    ),
    "no record has a value; {hint}": "kein Eintrag hat einen Wert; {hint}",
    "{field} has several values; {hint}": "{field} hat mehrere Werte; {hint}",
    "neither JSON nor CBOR; {hint}": "weder JSON noch CBOR; {hint}",
    "one message speaks for several senders: let the gateway send one for each": (
        "eine Nachricht spricht für mehrere Sender: das Gateway je eine schicken lassen"
    ),
    # fields named in the settings
    "expected JSON, whose fields `custom` in the settings names": (
        "erwartet wird JSON, dessen Felder `custom` in den Einstellungen nennt"
    ),
    "the topic {topic} has no level {level}": "das Topic {topic} hat keine Ebene {level}",
    "what stands at the path of `{name}` is none: {said}": (
        "was am Pfad von `{name}` steht, ist keines: {said}"
    ),
    "neither payload nor object stands where it should; {hint}": (
        "weder Nutzdaten noch Objekt stehen, wo sie sollen; {hint}"
    ),
    "custom needs the sender: `address`, a path, or `address_level`, from 1 on or from -1": (
        "custom braucht den Sender: `address`, einen Pfad, oder `address_level`, von 1 oder von -1 an"
    ),
    "custom needs what was said: the path to a `payload` or to an `object`": (
        "custom braucht, was gesagt wurde: den Pfad zu `payload` oder `object`"
    ),
    "format: custom needs a section `custom` that names the fields": (
        "format: custom braucht einen Abschnitt `custom`, der die Felder nennt"
    ),
    "format: {format} has no usual topics: name yours under `topics`": (
        "format: {format} hat keine üblichen Topics: die eigenen unter `topics` nennen"
    ),
    "no broker of the settings has the format {format} now": (
        "kein Broker der Einstellungen hat jetzt das Format {format}"
    ),
}
