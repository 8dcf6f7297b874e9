"""German for the catalogue of shipped device types."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "Device types that come with Messnetz": "Gerätetypen, die Messnetz mitbringt",
    "Auf Deutsch": "In English",
    "{count} models of {makers} makers. Each is one file in this folder; its examples run as tests. A type is"
    " verified when an example was published by others: its readings are worked out by hand from that, not"
    " taken from our own decoder.": (
        "{count} Modelle von {makers} Herstellern. Jedes ist eine Datei in diesem Ordner; ihre Beispiele"
        " laufen als Tests. Ein Typ ist bestätigt, wenn ein Beispiel von anderen veröffentlicht wurde: seine"
        " Messwerte sind daraus von Hand errechnet, nicht unserem Decoder entnommen."
    ),
    "The codec `lns` is the network server's; every other is one of Messnetz, which needs the payload only."
    " Quantities and their units stand in the [catalogue](../README.md#quantities); what becomes of a"
    " `distance` is said in [levels](../README.md#levels-of-water-and-bins).": (
        "Der Codec `lns` ist der des Netzwerkservers; jeder andere gehört zu Messnetz und braucht nur die"
        " Payload. Größen und ihre Einheiten stehen im [Katalog](../README.md#quantities); was aus einer"
        " `distance` wird, steht unter [Pegel und Füllstände](../README.md#levels-of-water-and-bins)."
    ),
    "Air": "Luft",
    "Noise": "Lärm",
    "Parking": "Parken",
    "Traffic": "Verkehr",
    "People and bicycles": "Menschen und Fahrräder",
    "Weather": "Wetter",
    "Road surface": "Straßenoberfläche",
    "Water": "Wasser",
    "Soil": "Boden",
    "Waste": "Abfall",
    "Network": "Netz",
    "Others": "Andere",
    "Examples": "Beispiele",
    "codec": "Codec",
    "verified": "bestätigt",
    "yes": "ja",
    "unverified": "unbestätigt",
    "as it is set": "wie eingestellt",
    "low below {low} {unit}": "schwach unter {low} {unit}",
    "our own": "eigenes",
    "version {version}": "Version {version}",
    "`{name}`: what was counted since the uplink before": "`{name}`: gezählt seit der Meldung davor",
    "`{name}`: a total since its start": "`{name}`: Summe seit dem Start",
    "`{name}`: a total since its start, of {width} bits": "`{name}`: Summe seit dem Start, {width} Bit",
    "`{name}`: how many there are now": "`{name}`: wie viele gerade da sind",
    "no reading": "kein Messwert",
    "decoded object": "dekodiertes Objekt",
}
