"""German for paths, quality control and the periods that technicians name."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    '“{path}” is no path: write keys with dots between them, as in value.0."pm2.5"': (
        '„{path}“ ist kein Pfad: Schlüssel mit Punkten dazwischen schreiben, wie in value.0."pm2.5"'
    ),
    "{path}… is longer than {limit} characters: leave such work to a codec": (
        "{path}… ist länger als {limit} Zeichen: solche Arbeit einem Codec überlassen"
    ),
    "{path} is not finished: it is no JMESPath as it stands": (
        "{path} ist nicht zu Ende geschrieben: so ist es kein JMESPath"
    ),
    "{path} is no JMESPath: “{sign}” at place {place} is not understood. A key with a blank or with"
    ' signs in it stands in double quotes, as in "Pd (P1-PBaro)"': (
        "{path} ist kein JMESPath: „{sign}“ an Stelle {place} ist unverständlich. Ein Schlüssel mit Leer-"
        ' oder Sonderzeichen steht in doppelten Anführungszeichen, wie in "Pd (P1-PBaro)"'
    ),
    "{path} is no JMESPath": "{path} ist kein JMESPath",
    "{path}: JMESPath has no function {name}{near}; it has: {names}": (
        "{path}: JMESPath kennt keine Funktion {name}{near}; es gibt: {names}"
    ),
    "{path}: the number of arguments of {name} is {count}, not {given}": (
        "{path}: {name} hat {count} als Zahl der Argumente, nicht {given}"
    ),
    "write the lowest and the highest number, as [0, 500]; null where it is open": (
        "die niedrigste und die höchste Zahl schreiben, wie [0, 500]; null, wo es offen ist"
    ),
    "{low} is not below {high}: write the lowest number first": (
        "{low} liegt nicht unter {high}: das Kleinere zuerst schreiben"
    ),
    "write a number above 0 from which a value is suspect, as 80; two, as [80, 200], where it"
    " fails from the second on; or none to leave the test out": (
        "eine Zahl über 0 schreiben, ab der ein Wert auffällig ist, wie 80; zwei, wie [80, 200], wenn er"
        " ab der zweiten nicht gilt; oder none, um nicht zu prüfen"
    ),
    "write how long a value may stay the same before it is suspect, as 12h; two, as [12h, 3d],"
    " where it fails after the second; or none to leave the test out": (
        "schreiben, wie lange ein Wert gleich bleiben darf, bevor er auffällig ist, wie 12h; zwei, wie"
        " [12h, 3d], wenn er nach der zweiten nicht mehr gilt; oder none, um nicht zu prüfen"
    ),
    "write a duration with s, min, h or d, as 2h": "eine Dauer mit s, min, h oder d schreiben, wie 2h",
    "{quantity} is not compared with values before it: leave out {tests}": (
        "{quantity} wird nicht mit Werten davor verglichen: {tests} weglassen"
    ),
    "{quantity} goes round in a circle: leave out spike and rate": (
        "{quantity} läuft im Kreis: spike und rate weglassen"
    ),
    "{name} stands nowhere in this entry: write {mark} into its paths and tags": (
        "{name} kommt in diesem Eintrag nicht vor: {mark} in seine Pfade und Tags schreiben"
    ),
    "every is for a list without times: write it beside `each`, and without `time`": (
        "every ist für eine Liste ohne Zeiten: neben `each` schreiben, und ohne `time`"
    ),
    "{name} needs `allowed`: say what the payload may say, and the tag it becomes": (
        "{name} braucht `allowed`: angeben, was im Payload stehen darf und welcher Tag daraus wird"
    ),
    "{quantity} is not measured here{near}; allowed: {names}": (
        "{quantity} wird hier nicht gemessen{near}; erlaubt: {names}"
    ),
    "bays is for sensors of several bays: write `bay` for one whose type watches one": (
        "bays ist für Sensoren mit mehreren Stellplätzen: `bay` schreiben, wenn der Typ nur einen beobachtet"
    ),
    "write device or site: either the devices, or the sites with all of theirs": (
        "device oder site schreiben: entweder die Geräte oder die Orte mit allen ihren Geräten"
    ),
    "Times in which values are not valid. Written by: messnetz devices maintenance and"
    " messnetz devices flag": (
        "Zeiten, in denen Werte nicht gelten. Geschrieben von: messnetz devices maintenance und messnetz"
        " devices flag"
    ),
    "{key} stands twice: keep one": "{key} steht doppelt da: eines behalten",
    "has no list `periods:` with one entry (- device: …) a period": (
        "hat keine Liste `periods:` mit einem Eintrag (- device: …) je Zeitraum"
    ),
    "to {to} is not after from {begin}": "to {to} liegt nicht nach from {begin}",
    "no device stands at the site {name}{near}": "am Standort {name} steht kein Gerät{near}",
    "outside of the usual range": "außerhalb des üblichen Bereichs",
    "far from the values before it": "weit weg von den Werten davor",
    "changed too fast": "zu schnell verändert",
    "the same for too long": "zu lange gleich",
    "too humid to count particles by light": "zu feucht, um Partikel mit Licht zu zählen",
    "in a time of maintenance": "während einer Wartung",
    "in a time marked as not valid": "in einer Zeit, die als ungültig vermerkt ist",
    "{flag}: {why}": "{flag}: {why}",
}
