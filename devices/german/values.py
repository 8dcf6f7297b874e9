"""German for single values that are wrong: numbers, units, dates, DevEUIs, places, what a payload says."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    # numbers
    "{given} is no number": "{given} ist keine Zahl",
    "nothing stands there: write a number": "da steht nichts: eine Zahl schreiben",
    "{given} is no number: write it with a point, {right}": (
        "{given} ist keine Zahl: mit Punkt schreiben, {right}"
    ),
    "{said} is two things to YAML: write it with a point, {right}": (
        "{said} ist für YAML zweierlei: mit Punkt schreiben, {right}"
    ),
    "{given} is no number: write degrees with a point, {right}": (
        "{given} ist keine Zahl: in Grad mit Punkt schreiben, {right}"
    ),
    "{given} is no number: leave the unit out, {right}": (
        "{given} ist keine Zahl: ohne die Einheit schreiben, {right}"
    ),
    # DevEUIs
    "nothing stands there: write the 16 digits of the sensor's label, as 70b3d57ba0000a1c": (
        "da steht nichts: die 16 Ziffern vom Aufkleber des Sensors schreiben, wie 70b3d57ba0000a1c"
    ),
    "{text} is what a spreadsheet made of a DevEUI, its last digits are lost: take all 16 from the"
    " sensor's label, and make the spreadsheet's column one of texts first": (
        "{text} hat eine Tabellenkalkulation aus einer DevEUI gemacht, die letzten Ziffern sind verloren:"
        " alle 16 vom Aufkleber des Sensors nehmen und die Spalte der Tabelle vorher als Text formatieren"
    ),
    "{text} is no DevEUI: {sign} is none of its digits 0-9 and a-f; is it {like}?": (
        "{text} ist keine DevEUI: {sign} ist keine ihrer Ziffern 0-9 und a-f; ist es {like}?"
    ),
    "{text} is no DevEUI: {sign} is none of its digits 0-9 and a-f": (
        "{text} ist keine DevEUI: {sign} ist keine ihrer Ziffern 0-9 und a-f"
    ),
    "{text} is no DevEUI: write its 16 digits 0-9 and a-f, as 70b3d57ba0000a1c": (
        "{text} ist keine DevEUI: ihre 16 Ziffern 0-9 und a-f schreiben, wie 70b3d57ba0000a1c"
    ),
    "{text} has 32 digits: that is a key, for the network server only; a DevEUI has 16": (
        "{text} hat 32 Ziffern: das ist ein Schlüssel, nur für den Netzwerkserver; eine DevEUI hat 16"
    ),
    "{text} has {count} digits: a DevEUI has 16; is one written twice?": (
        "{text} hat {count} Ziffern: eine DevEUI hat 16; steht eine doppelt?"
    ),
    "{text} has {count} digits: a DevEUI has 16; did a spreadsheet drop zeros: is it {like}?": (
        "{text} hat {count} Ziffern: eine DevEUI hat 16; hat eine Tabelle Nullen verschluckt: ist es {like}?"
    ),
    "{text} has {count} digits: a DevEUI has 16; compare it with the sensor's label": (
        "{text} hat {count} Ziffern: eine DevEUI hat 16; mit dem Aufkleber des Sensors vergleichen"
    ),
    # places
    "lat and lon are exchanged: write {{lat: {lat}, lon: {lon}}}": (
        "lat und lon sind vertauscht: {{lat: {lat}, lon: {lon}}} schreiben"
    ),
    "lat 0, lon 0 lies in the sea off Africa: leave `location` out until it is known": (
        "lat 0, lon 0 liegt im Meer vor Afrika: `location` weglassen, bis der Ort bekannt ist"
    ),
    "lat {lat}, lon {lon} lies outside of Germany: compare the digits, or write another `timezone` above": (
        "lat {lat}, lon {lon} liegt nicht in Deutschland: Ziffern vergleichen, oder oben eine andere"
        " `timezone` angeben"
    ),
    "lies {km} km from the other places of {municipality}: compare the digits; a place of"
    " another municipality belongs into a file of its own": (
        "liegt {km} km von den anderen Orten von {municipality} entfernt: Ziffern vergleichen; ein Ort einer"
        " anderen Gemeinde gehört in eine eigene Datei"
    ),
    # dates, durations
    "{text} does not exist in {timezone}: the clocks go forward then": (
        "{text} gibt es in {timezone} nicht: da wird die Uhr vorgestellt"
    ),
    "{text}: which is the month? Write the year first, as 2025-11-03 09:30": (
        "{text}: was ist der Monat? Das Jahr zuerst schreiben, wie 2025-11-03 09:30"
    ),
    "{text} is no date and time: write it as 2025-11-03 09:30": (
        "{text} ist kein Zeitpunkt: so schreiben: 2025-11-03 09:30"
    ),
    "{text} is no date and time: write it as {right}": "{text} ist kein Zeitpunkt: so schreiben: {right}",
    "{text}: there is no such day": "{text}: diesen Tag gibt es nicht",
    "{text}: there is no such time of day": "{text}: diese Uhrzeit gibt es nicht",
    "{text} is no duration: write a whole number and s, min, h or d, as in 10min": (
        "{text} ist keine Dauer: eine ganze Zahl und s, min, h oder d schreiben, wie 10min"
    ),
    # units and quantities
    "{name} needs its unit: say one of {units}": "{name} braucht eine Einheit: eine von {units}",
    "{name} is a mass of particles, and {unit} is for gases: say one of {units}": (
        "{name} ist eine Masse von Teilchen, und {unit} gilt für Gase: eine von {units} schreiben"
    ),
    "{name} is a share of the air, and {unit} is a mass: say one of {units}": (
        "{name} ist ein Anteil an der Luft, und {unit} ist eine Masse: eine von {units} schreiben"
    ),
    "{name} is not measured in {unit}: say one of {units}": (
        "{name} wird nicht in {unit} gemessen: eine von {units} schreiben"
    ),
    "{name} is no quantity of the catalogue{near}; allowed: {names}": (
        "{name} ist keine Größe des Katalogs{near}; erlaubt: {names}"
    ),
    "{name} needs `counter`: say delta (since the last uplink) or total (for ever)": (
        "{name} braucht `counter`: delta (seit dem letzten Uplink) oder total (seit jeher) schreiben"
    ),
    "{name} is not summed: leave `counter` out, or say gauge": (
        "{name} wird nicht summiert: `counter` weglassen oder gauge schreiben"
    ),
    "the catalogue has no {total}: {name} can only be counted as delta": (
        "der Katalog hat kein {total}: {name} lässt sich nur als delta zählen"
    ),
    "only a counter: total has a width": "nur counter: total hat eine width",
    "{unit} is no unit of time: say one of {names}": (
        "{unit} ist keine Zeiteinheit: eine von {names} schreiben"
    ),
    "an example has a payload, a decoded object, or both": (
        "ein Beispiel hat ein payload, ein decoded oder beides"
    ),
    "name the file with lower-case letters, digits and - only": (
        "die Datei nur mit Kleinbuchstaben, Ziffern und - benennen"
    ),
    # what a payload says
    "{given} is no number and has no `value` that is one": (
        "{given} ist keine Zahl und hat kein `value`, das eine ist"
    ),
    "{given} is no number nor one of: {words}": "{given} ist weder eine Zahl noch eines von: {words}",
    "{given} is no number: only states may be true or false": (
        "{given} ist keine Zahl: nur Zustände dürfen true oder false sein"
    ),
    "{given} is no number that can be stored for {name}": (
        "{given} ist keine Zahl, die sich für {name} speichern lässt"
    ),
    "{given} is no list": "{given} ist keine Liste",
    "a list of {count} items: at most {limit} are read": (
        "eine Liste mit {count} Einträgen: höchstens {limit} werden gelesen"
    ),
    "{given} is not listed": "{given} steht nicht in der Liste",
    "nothing stands there": "da steht nichts",
    "{tag} at {path}: {what}; the type allows: {names}": "{tag} bei {path}: {what}; der Typ erlaubt: {names}",
    "{given} is no interval of 1 s to 366 days": "{given} ist kein Intervall von 1 s bis 366 Tagen",
    "{given} is no time": "{given} ist kein Zeitpunkt",
    "{given} is no time as 2026-03-01T12:00:00Z": "{given} ist kein Zeitpunkt wie 2026-03-01T12:00:00Z",
    "nothing stands there, so that the times of the list are not known": (
        "da steht nichts, so dass die Zeiten der Liste nicht bekannt sind"
    ),
    "{given} is no total of a counter": "{given} ist kein Stand eines Zählers",
    "{given} is no total of a counter of {bits} bits": "{given} ist kein Stand eines Zählers mit {bits} Bit",
    "nothing could be read: {complaints}": "nichts war lesbar: {complaints}",
    "the device has no value now": "das Gerät hat gerade keinen Wert",
    "port {port} is not one that {type} reads: {ports}": "Port {port} liest {type} nicht; es liest: {ports}",
    "{hint} List the port under ignore_ports if nothing on it is data.": (
        "{hint} Den Port unter ignore_ports nennen, wenn auf ihm keine Daten kommen."
    ),
    "no field that {type} reads ({paths}) is among those found: {names}": (
        "kein Feld, das {type} liest ({paths}), ist unter den gefundenen: {names}"
    ),
    "Compare with {file}: another firmware, or another type?": (
        "Mit {file} vergleichen: andere Firmware oder anderer Gerätetyp?"
    ),
    "{time} is before 2015: the clock of the device or gateway is not set": (
        "{time} liegt vor 2015: die Uhr von Gerät oder Gateway ist nicht gestellt"
    ),
    "{time} is more than an hour ahead of the arrival at {arrival}": (
        "{time} liegt mehr als eine Stunde nach der Ankunft um {arrival}"
    ),
    "{time} is before the device was installed at {begin}": "{time} liegt vor der Montage um {begin}",
    "{time} is after the device was taken away at {end}": "{time} liegt nach dem Abbau um {end}",
}
