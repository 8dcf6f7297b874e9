"""German for the commands that register devices, and for the questions they ask."""

from collections.abc import Mapping

_HELP: Mapping[str, str] = {
    "Register a sensor at a place.\n\n"
    "At a terminal it asks for everything that no option says; in a script name the options. The entry"
    " goes to the end of the file's list, nothing else in the file changes, and a file that would be wrong is"
    " not written.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz devices add\n"
    "  messnetz devices add --from-unknown 70b3d57ba0000a1c\n"
    "  messnetz devices add --id luft-marktplatz --site Marktplatz \\\n"
    "      --dev-eui 70b3d57ba0000a1c --type decentlab-dl-pm \\\n"
    "      --lat 50.5841 --lon 8.6784 --calibration pm2_5=0.92+0.4": (
        "Einen Sensor an einem Ort registrieren.\n\n"
        "Am Terminal fragt der Befehl nach allem, was keine Option sagt; in einem Skript die Optionen nennen."
        " Der Eintrag kommt ans Ende der Liste in der Datei, sonst ändert sich dort nichts, und eine Datei,"
        " die falsch wäre, wird nicht geschrieben.\n\n"
        "\b\n"
        "Beispiele:\n"
        "  messnetz devices add\n"
        "  messnetz devices add --from-unknown 70b3d57ba0000a1c\n"
        "  messnetz devices add --id luft-marktplatz --site Marktplatz \\\n"
        "      --dev-eui 70b3d57ba0000a1c --type decentlab-dl-pm \\\n"
        "      --lat 50,5841 --lon 8,6784 --calibration pm2_5=0,92+0,4"
    ),
    "Register the devices of a list: a table (CSV), or an export of ChirpStack or The Things Stack.\n\n"
    "The first line of a table names its columns, in German or English: DevEUI, Typ, Standort, Kennung,"
    " Breite, Länge, Höhe, Stadtteil, Intervall, von, Parkplatz, Stellplatz, Kalibrierung, Label: Inventar …"
    " Every row gets a result. Nothing is written while a row is wrong, unless --skip-bad leaves the wrong"
    " ones out. Keys and passwords in a list are never taken over.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz devices import sensoren.csv --dry-run\n"
    "  messnetz devices import sensoren.csv --type decentlab-dl-pm\n"
    "  messnetz devices import chirpstack.json --from 01.03.2026 --json": (
        "Die Geräte einer Liste registrieren: einer Tabelle (CSV) oder eines Exports aus ChirpStack oder The"
        " Things Stack.\n\n"
        "Die erste Zeile einer Tabelle nennt die Spalten, deutsch oder englisch: DevEUI, Typ, Standort,"
        " Kennung, Breite, Länge, Höhe, Stadtteil, Intervall, von, Parkplatz, Stellplatz, Kalibrierung,"
        " Label: Inventar … Jede Zeile bekommt ein Ergebnis. Solange eine Zeile falsch ist, wird nichts"
        " geschrieben; --skip-bad lässt die falschen aus. Schlüssel und Passwörter einer Liste werden nie"
        " übernommen.\n\n"
        "\b\n"
        "Beispiele:\n"
        "  messnetz devices import sensoren.csv --dry-run\n"
        "  messnetz devices import sensoren.csv --type decentlab-dl-pm\n"
        "  messnetz devices import chirpstack.json --from 01.03.2026 --json"
    ),
    "List the registered devices as the files stand now.\n\n"
    "Several filters are met at once; --site and --type take a part of the name.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz devices list\n"
    "  messnetz devices list --site marktplatz\n"
    "  messnetz devices list --type milesight --label inventar=20931": (
        "Die registrierten Geräte auflisten, wie die Dateien jetzt stehen.\n\n"
        "Mehrere Filter gelten zugleich; --site und --type nehmen einen Teil des Namens.\n\n"
        "\b\n"
        "Beispiele:\n"
        "  messnetz devices list\n"
        "  messnetz devices list --site marktplatz\n"
        "  messnetz devices list --type milesight --label inventar=20931"
    ),
    "A sensor was taken to another place.\n\n"
    "Its place so far ends, and a new one begins with the same sensor, its type, its calibration and its"
    " interval: a series belongs to one place for ever. All else of the new place is said anew.\n\n"
    "\b\n"
    "Example:\n"
    "  messnetz devices move luft-marktplatz --to luft-bahnhof --site Bahnhof \\\n"
    '      --lat 50.5797 --lon 8.6626 --at "10.03.2026 14:00"': (
        "Ein Sensor kam an einen anderen Ort.\n\n"
        "Sein bisheriger Ort endet, und ein neuer beginnt mit demselben Sensor, seinem Typ, seiner"
        " Kalibrierung und seinem Intervall: eine Zeitreihe gehört für immer zu einem Ort. Alles andere am"
        " neuen Ort wird neu angegeben.\n\n"
        "\b\n"
        "Beispiel:\n"
        "  messnetz devices move luft-marktplatz --to luft-bahnhof --site Bahnhof \\\n"
        '      --lat 50,5797 --lon 8,6626 --at "10.03.2026 14:00"'
    ),
    "End a place: what is mounted there was taken down.\n\n"
    "Its entry stays, with the time of the end, for its series stay too. What the sensor says afterwards is"
    " no data of this place.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz devices retire luft-marktplatz\n"
    '  messnetz devices retire luft-marktplatz --at "10.03.2026 14:00"': (
        "Einen Ort beenden: der Sensor wurde abgebaut.\n\n"
        "Der Eintrag bleibt, mit der Zeit des Endes, denn auch die Zeitreihen bleiben. Was der Sensor danach"
        " sagt, gehört nicht mehr zu diesem Ort.\n\n"
        "\b\n"
        "Beispiele:\n"
        "  messnetz devices retire luft-marktplatz\n"
        '  messnetz devices retire luft-marktplatz --at "10.03.2026 14:00"'
    ),
    "Print the JSON Schema of the device files, which lets an editor complete and check them.\n\n"
    "\b\n"
    "Example:\n"
    "  messnetz devices schema > config/devices.schema.json": (
        "Das JSON-Schema der Gerätedateien ausgeben; damit kann ein Editor ergänzen und prüfen.\n\n"
        "\b\n"
        "Beispiel:\n"
        "  messnetz devices schema > config/devices.schema.json"
    ),
    "Show everything that is known of one place: where it is, what was mounted when, what its type measures,"
    " when it was heard last and what it said, and what is wrong with it.\n\n"
    "\b\n"
    "Example:\n"
    "  messnetz devices show luft-marktplatz": (
        "Alles zeigen, was von einem Ort bekannt ist: wo er liegt, was wann montiert war, was sein Typ misst,"
        " wann er zuletzt gehört wurde und was er sagte, und was daran falsch ist.\n\n"
        "\b\n"
        "Beispiel:\n"
        "  messnetz devices show luft-marktplatz"
    ),
    "Another sensor took the place of the one that was mounted there.\n\n"
    "The series goes on under its name; what was measured before keeps the old sensor's type and calibration."
    " The calibration belongs to the sensor: that of the new one is asked for, never taken over.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz devices swap luft-marktplatz --dev-eui 70b3d57ba0000a1d\n"
    "  messnetz devices swap luft-marktplatz --dev-eui 70b3d57ba0000a1d \\\n"
    '      --at "10.03.2026 14:00" --calibration pm2_5=0.95+0.1\n'
    "  messnetz devices swap verkehr-ring --dev-eui 24e124600d142337 \\\n"
    "      --type milesight-vs135 --no-calibration": (
        "Ein anderer Sensor hängt jetzt an diesem Ort.\n\n"
        "Die Zeitreihe geht unter ihrem Namen weiter; was vorher gemessen wurde, behält Typ und Kalibrierung"
        " des alten Sensors. Die Kalibrierung gehört zum Sensor: die des neuen wird erfragt, nie"
        " übernommen.\n\n"
        "\b\n"
        "Beispiele:\n"
        "  messnetz devices swap luft-marktplatz --dev-eui 70b3d57ba0000a1d\n"
        "  messnetz devices swap luft-marktplatz --dev-eui 70b3d57ba0000a1d \\\n"
        '      --at "10.03.2026 14:00" --calibration pm2_5=0,95+0,1\n'
        "  messnetz devices swap verkehr-ring --dev-eui 24e124600d142337 \\\n"
        "      --type milesight-vs135 --no-calibration"
    ),
    "List who speaks but is not registered: since when, with which fields, and the types that would fit.\n\n"
    "Their messages wait in the quarantine and are replayed once they are registered, from the date of their"
    " installation on.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz devices unknown\n"
    "  messnetz devices unknown --address 70b3d57ba0000a1c\n"
    "then:\n"
    "  messnetz devices add --from-unknown 70b3d57ba0000a1c\n"
    "  messnetz devices ignore 70b3d57ba0000a1c": (
        "Auflisten, wer sendet und nicht registriert ist: seit wann, mit welchen Feldern, und welche Typen"
        " passen.\n\n"
        "Ihre Nachrichten warten in der Quarantäne und werden nachgeholt, sobald sie registriert sind, ab dem"
        " Datum ihrer Montage.\n\n"
        "\b\n"
        "Beispiele:\n"
        "  messnetz devices unknown\n"
        "  messnetz devices unknown --address 70b3d57ba0000a1c\n"
        "dann:\n"
        "  messnetz devices add --from-unknown 70b3d57ba0000a1c\n"
        "  messnetz devices ignore 70b3d57ba0000a1c"
    ),
    "Let go what a device says that is not ours, a neighbour's: its uplinks are counted as ignored and not"
    " kept.\n\n"
    "The address stands in a file of its own (`ignored` in the settings). What is kept of it already stays,"
    " unless --drop gives it up.\n\n"
    "\b\n"
    "Examples:\n"
    '  messnetz devices ignore 70b3d57ba0000a1c --reason "Wasserwerk"\n'
    "  messnetz devices ignore 70b3d57ba0000a1c --drop\n"
    "  messnetz devices ignore 70b3d57ba0000a1c --undo": (
        "Übergehen, was ein fremdes Gerät sagt, das eines Nachbarn: seine Uplinks werden als übergangen"
        " gezählt und nicht aufgehoben.\n\n"
        "Die Adresse steht in einer eigenen Datei (`ignored` in den Einstellungen). Was von ihm schon wartet,"
        " bleibt, wenn --drop es nicht aufgibt.\n\n"
        "\b\n"
        "Beispiele:\n"
        '  messnetz devices ignore 70b3d57ba0000a1c --reason "Wasserwerk"\n'
        "  messnetz devices ignore 70b3d57ba0000a1c --drop\n"
        "  messnetz devices ignore 70b3d57ba0000a1c --undo"
    ),
}

_OPTIONS: Mapping[str, str] = {
    "Id of the place; the name of its series for ever.": (
        "Kennung des Ortes; für immer der Name seiner Zeitreihe."
    ),
    "What people call the place.": "Wie die Leute den Ort nennen.",
    "The 16 digits on the sensor's label.": "Die 16 Zeichen auf dem Etikett des Sensors.",
    "Name that a sensor without LoRaWAN sends, instead of --dev-eui.": (
        "Name, den ein Sensor ohne LoRaWAN sendet, statt --dev-eui."
    ),
    "Device type.": "Gerätetyp.",
    "Latitude in degrees, as 50.5841.": "Breite in Grad, wie 50,5841.",
    "Longitude in degrees, as 8.6784.": "Länge in Grad, wie 8,6784.",
    "Metres above the ground.": "Meter über dem Boden.",
    "Part of the town.": "Stadtteil.",
    "How often it should speak, as 10min.": "Wie oft er senden soll, wie 10min.",
    "When it was mounted, in local time. What it said before is no data.": (
        "Seit wann er montiert ist, Ortszeit. Was er vorher sagte, zählt nicht als Messung."
    ),
    "Car park that its bay belongs to.": "Parkplatz, zu dem der Stellplatz gehört.",
    "Number of the parking bay.": "Nummer des Stellplatzes.",
    "Lane of the street.": "Fahrstreifen der Straße.",
    "What a direction is here, as ltr=stadteinwärts; repeatable.": (
        "Was eine Richtung hier bedeutet, wie ltr=stadteinwärts; mehrfach möglich."
    ),
    "Factor and offset, as pm2_5=0.92+0.4; repeatable.": (
        "Faktor und Versatz, wie pm2_5=0,92+0,4; mehrfach möglich."
    ),
    "Free text, as inventar=20931; repeatable.": "Freier Text, wie inventar=20931; mehrfach möglich.",
    "Who may have its data: none, partners or open.": (
        "Wer die Daten haben darf: none (niemand), partners (Kommunen) oder open (alle)."
    ),
    "The device file. Default: the one with this site.": "Die Gerätedatei. Sonst die mit diesem Standort.",
    "Short name of the municipality, for the first device file.": (
        "Kurzname der Kommune, für die erste Gerätedatei."
    ),
    "Go on from an unknown sender that devices unknown lists.": (
        "Bei einem unbekannten Sender weitermachen, den devices unknown auflistet."
    ),
    "Id of the place.": "Kennung des Ortes.",
    "When it was, as 2026-03-10 14:00 or 10.03.2026 14:00. Default: now.": (
        "Wann das war, wie 10.03.2026 14:00 oder 2026-03-10 14:00. Sonst: jetzt."
    ),
    "The list.": "Die Liste.",
    "Device type of rows that name none.": "Gerätetyp der Zeilen, die keinen nennen.",
    "Site of rows that name none.": "Standort der Zeilen, die keinen nennen.",
    "When those were mounted whose row does not say it.": "Seit wann montiert, wo die Zeile es nicht sagt.",
    "The device file that takes them.": "Die Gerätedatei, in die sie kommen.",
    "Only say what would be done.": "Nur sagen, was geschähe.",
    "Add the good rows although others are wrong.": "Die guten Zeilen aufnehmen, obwohl andere falsch sind.",
    "Print the results as a table for a spreadsheet.": (
        "Die Ergebnisse als Tabelle für eine Tabellenkalkulation ausgeben."
    ),
    "Only at sites with this in their name.": "Nur an Standorten mit diesem Wort im Namen.",
    "Only with a type with this in its name.": "Nur mit einem Typ mit diesem Wort im Namen.",
    "Only of this device file.": "Nur aus dieser Gerätedatei.",
    "Only with this label, as inventar or inventar=20931; repeatable.": (
        "Nur mit diesem Label, wie inventar oder inventar=20931; mehrfach möglich."
    ),
    "Id of the new place.": "Kennung des neuen Ortes.",
    "What people call the new place.": "Wie die Leute den neuen Ort nennen.",
    "The 16 digits on the new sensor's label.": "Die 16 Zeichen auf dem Etikett des neuen Sensors.",
    "Its device type. Default: that of the old one.": "Sein Gerätetyp. Sonst der des alten.",
    "The new sensor has none.": "Der neue Sensor hat keine.",
    "Only this DevEUI or name.": "Nur diese DevEUI oder dieser Name.",
    "At most this many, the loudest first.": "Höchstens so viele, die lautesten zuerst.",
}

_IGNORE: Mapping[str, str] = {
    "DevEUI or name.": "DevEUI oder Name.",
    "Whose it is; kept with it.": "Wem es gehört; steht dabei.",
    "Listen to it again.": "Wieder darauf hören.",
    "Also give up what is kept of it.": "Auch aufgeben, was von ihm wartet.",
    "Devices that are not ours. Written by: messnetz devices ignore": (
        "Fremde Geräte. Geschrieben von: messnetz devices ignore"
    ),
    "{address} is a place of our own: name the address of a device": (
        "{address} ist ein eigener Ort: die Adresse eines Geräts nennen"
    ),
    "{address}: it was so already.": "{address}: das war schon so.",
    "{address} is listened to again.": "Auf {address} wird wieder gehört.",
    "{address} is ignored from now on ({file}).": "{address} wird ab jetzt übergangen ({file}).",
    "Kept messages given up: {count}.": "Wartende Nachrichten aufgegeben: {count}.",
    "{count} messages are kept of it: --drop gives them up.": (
        "{count} Nachrichten warten von ihm: --drop gibt sie auf."
    ),
    "messnetz devices retire {device} ends it there first": (
        "messnetz devices retire {device} beendet es dort zuerst"
    ),
}

_PERIODS: Mapping[str, str] = {
    "Somebody works at a sensor: what it says meanwhile is stored as not valid and raises no alarm.\n\n"
    "Without --to it goes on until --end says that it is over.\n\n"
    "\b\n"
    "Examples:\n"
    '  messnetz devices maintenance luft-marktplatz --reason "filter changed"\n'
    "  messnetz devices maintenance luft-marktplatz --end\n"
    '  messnetz devices maintenance --site Marktplatz --reason "mast painted" \\\n'
    '      --from "10.03.2026 08:00" --to "10.03.2026 12:00"': (
        "Jemand arbeitet an einem Sensor: was er währenddessen sagt, wird als nicht gültig gespeichert und"
        " löst keinen Alarm aus.\n\n"
        "Ohne --to gilt das, bis --end sagt, dass es vorbei ist.\n\n"
        "\b\n"
        "Beispiele:\n"
        '  messnetz devices maintenance luft-marktplatz --reason "Filter gewechselt"\n'
        "  messnetz devices maintenance luft-marktplatz --end\n"
        '  messnetz devices maintenance --site Marktplatz --reason "Mast gestrichen" \\\n'
        '      --from "10.03.2026 08:00" --to "10.03.2026 12:00"'
    ),
    "What a sensor said was not the street (a construction site, vandalism): it is stored as not valid and"
    " raises no alarm.\n\n"
    "Without --to it goes on until --end says that it is over.\n\n"
    "\b\n"
    "Examples:\n"
    '  messnetz devices flag luft-marktplatz --reason "construction site" \\\n'
    '      --from "10.03.2026 08:00" --to "14.03.2026 18:00"\n'
    '  messnetz devices flag verkehr-ring --from 2026-03-10 --reason "sprayed over"\n'
    "  messnetz devices flag verkehr-ring --end": (
        "Was ein Sensor sagte, war nicht die Straße (Baustelle, Vandalismus): es wird als nicht gültig"
        " gespeichert und löst keinen Alarm aus.\n\n"
        "Ohne --to gilt das, bis --end sagt, dass es vorbei ist.\n\n"
        "\b\n"
        "Beispiele:\n"
        '  messnetz devices flag luft-marktplatz --reason "Baustelle" \\\n'
        '      --from "10.03.2026 08:00" --to "14.03.2026 18:00"\n'
        '  messnetz devices flag verkehr-ring --from 10.03.2026 --reason "übersprüht"\n'
        "  messnetz devices flag verkehr-ring --end"
    ),
    "Ids of places.": "Kennungen von Orten.",
    "Instead: all places at this site; repeatable.": (
        "Stattdessen: alle Orte an diesem Standort; mehrfach möglich."
    ),
    "When it begins, as 10.03.2026 14:00. Default: now.": (
        "Wann es beginnt, wie 10.03.2026 14:00. Sonst: jetzt."
    ),
    "When it is over. Default: it is open.": "Wann es vorbei ist. Sonst: offen.",
    "Why, for all who wonder later; needed.": "Warum, für alle, die sich später wundern; nötig.",
    "It is over now, or at --to.": "Es ist jetzt vorbei, oder zur Zeit --to.",
    "either ids of places, or --site": "entweder Kennungen von Orten oder --site",
    "What was said in that time is stored as before. This corrects it:": (
        "Was in dieser Zeit gesagt wurde, ist noch wie vorher gespeichert. Das berichtigt es:"
    ),
    "  and so for {count} more": "  und ebenso für {count} weitere",
    "nothing is open for {name} in {file}": "für {name} ist in {file} nichts offen",
    "name the time instead, with --from, --to and --reason": (
        "stattdessen die Zeit nennen, mit --from, --to und --reason"
    ),
    "{devices}: over at {time}.": "{devices}: vorbei um {time}.",
    "{devices}: not valid from {begin} on.": "{devices}: nicht gültig ab {begin}.",
    "{devices}: not valid from {begin} to {end}.": "{devices}: nicht gültig von {begin} bis {end}.",
    "It stands in {file}. A running service takes it up by itself.": (
        "Das steht in {file}. Ein laufender Dienst übernimmt es von selbst."
    ),
}

_USAGE: Mapping[str, str] = {
    "The registered devices, and those nobody registered.": (
        "Die registrierten Geräte, und die, die niemand registriert hat."
    ),
    "the service answered {status}: {said}": "der Dienst antwortete {status}: {said}",
    "no service answers on {socket}": "auf {socket} antwortet kein Dienst",
    "start it with: messnetz run -c <settings file>": "starten mit: messnetz run -c <Einstellungsdatei>",
    "there is no spool in {folder}": "in {folder} ist kein Spool",
    "nothing ran on this state folder yet; is `state` in the settings the right one?": (
        "auf diesem Ordner lief noch nichts; ist `state` in den Einstellungen der richtige?"
    ),
    "it may belong to another user, or be damaged: the service says which when it starts": (
        "sie gehört vielleicht einem anderen Benutzer oder ist beschädigt: der Dienst sagt es beim Start"
    ),
    "The settings file.": "Die Datei mit den Einstellungen.",
    "Print JSON, for scripts.": "JSON ausgeben, für Skripte.",
    "... and {count} more: --limit": "... und {count} weitere: --limit",
    "Also when it removes many devices.": "Auch wenn es viele Geräte entfernt.",
    "It would remove {removed} of {devices} devices: the old registry stays in force. If that is meant:"
    " messnetz devices reload --confirm": (
        "Das würde {removed} von {devices} Geräten entfernen: die alte Registrierung gilt weiter. Ist das"
        " gemeint: messnetz devices reload --confirm"
    ),
    "Devices: {devices}, addresses changed: {changed}, removed: {removed}": (
        "Geräte: {devices}, geänderte Adressen: {changed}, entfernt: {removed}"
    ),
    "Let the running service read the registry's files now (it also does so by itself on every change).\n\n"
    "A reload that would remove more than 10 devices and 10 % of them waits for --confirm.\n\n"
    "\b\n"
    "Example:\n"
    "  messnetz devices reload": (
        "Den laufenden Dienst die Gerätedateien jetzt lesen lassen (er tut es auch selbst nach jeder"
        " Änderung).\n\n"
        "Würden mehr als 10 Geräte und 10 % von ihnen entfernt, wartet er auf --confirm.\n\n"
        "\b\n"
        "Beispiel:\n"
        "  messnetz devices reload"
    ),
    "Arguments": "Argumente",
    "Options": "Optionen",
    "Commands": "Befehle",
    "[default: {{}}]": "[sonst: {{}}]",
    "[environment: {{}}]": "[Umgebung: {{}}]",
    "[required]": "[nötig]",
    "Usage:": "Aufruf:",
    "Show this help.": "Diese Hilfe zeigen.",
    "[OPTIONS]": "[OPTIONEN]",
    "COMMAND ...": "BEFEHL ...",
    "TEXT": "TEXT",
    "NUMBER": "ZAHL",
    "FILE": "DATEI",
    "Print the version.": "Die Version ausgeben.",
    "Reads what a city's street sensors say over LoRaWAN and MQTT and turns it into clean time series.\n\n"
    "Try it without any server:  messnetz demo\n\n"
    "Run it for real:  messnetz check, then  messnetz run": (
        "Liest, was die Straßensensoren einer Stadt über LoRaWAN und MQTT melden, und macht daraus saubere"
        " Zeitreihen.\n\n"
        "Ohne Server ausprobieren:  messnetz demo\n\n"
        "Im Ernst:  messnetz check, dann  messnetz run"
    ),
    "the store does not answer: {error}": "die Datenbank antwortet nicht: {error}",
    "{option} takes no value": "{option} nimmt keinen Wert",
    "what to do: {hint}": "was zu tun ist: {hint}",
    "{command} --help says what it takes": "{command} --help erklärt den Befehl",
    "there is no option {option}{near}": "die Option {option} gibt es nicht{near}",
    "{option} needs a value behind it": "hinter {option} fehlt ein Wert",
    "there is no command {name}{near}; there are: {names}": (
        "den Befehl {name} gibt es nicht{near}; es gibt: {names}"
    ),
    "{words}: too much; put texts with blanks into quotes": (
        "{words}: zu viel; Texte mit Leerzeichen in Anführungszeichen setzen"
    ),
    "{error}": "{error}",
    "{option}: {error}": "{option}: {error}",
    "{option} {value} is not allowed{near}: {words}": "{option} {value} ist nicht erlaubt{near}: {words}",
    "{option} {value}: at least {limit}": "{option} {value}: mindestens {limit}",
    "{option} {value}: at most {limit}": "{option} {value}: höchstens {limit}",
    "{option} {value} is no whole number": "{option} {value} ist keine ganze Zahl",
    "{option}: this user may not read {file}": "{option}: dieser Benutzer darf {file} nicht lesen",
    "{option} {value} is no number, as 0.5": "{option} {value} ist keine Zahl wie 0.5",
}

_QUESTIONS: Mapping[str, str] = {
    "Enter takes what stands in brackets; Ctrl-C ends without writing anything.": (
        "Die Eingabetaste übernimmt, was in Klammern steht; Strg-C bricht ab, ohne etwas zu schreiben."
    ),
    "DevEUI, the 16 digits on the sensor's label": "DevEUI, die 16 Zeichen auf dem Etikett des Sensors",
    "DevEUI, the 16 digits on the new sensor's label": (
        "DevEUI, die 16 Zeichen auf dem Etikett des neuen Sensors"
    ),
    "Device type": "Gerätetyp",
    "Site, what people call the place": "Standort, wie die Leute den Ort nennen",
    "Id of the place, the name of its series for ever": (
        "Kennung des Ortes, für immer der Name seiner Zeitreihe"
    ),
    "Part of the town": "Stadtteil",
    "Latitude and longitude, as a map on the phone gives them: 50.5841, 8.6784": (
        "Breite und Länge, wie eine Karte auf dem Telefon sie gibt: 50.5841, 8.6784"
    ),
    "Metres above the ground": "Meter über dem Boden",
    "What is the direction {direction} here, as stadteinwärts?": (
        "Was bedeutet die Richtung {direction} hier, etwa stadteinwärts?"
    ),
    "Car park": "Parkplatz",
    "Number of the bay": "Nummer des Stellplatzes",
    "Lane": "Fahrstreifen",
    "How often it should speak, as 10min (none: as its type says)": (
        "Wie oft er senden soll, wie 10min (keine Angabe: wie sein Typ sagt)"
    ),
    "Mounted since (what it said before is no data)": (
        "Montiert seit (was er vorher sagte, zählt nicht als Messung)"
    ),
    "Calibration, as pm2_5=0.92+0.4": "Kalibrierung, wie pm2_5=0,92+0,4",
    "Calibration of the new sensor, as pm2_5=0.92+0.4": "Kalibrierung des neuen Sensors, wie pm2_5=0,92+0,4",
    "The old sensor had {calibration}.": "Der alte Sensor hatte {calibration}.",
    "Labels for searching, as inventar=20931; mast=4711": (
        "Labels zum Suchen, wie inventar=20931; mast=4711"
    ),
    "Who may have its data?": "Wer darf die Daten haben?",
    "nobody else": "niemand sonst",
    "other municipalities": "andere Kommunen",
    "everyone": "alle",
    "{count} messages are kept of it since {time}.": "{count} Nachrichten von ihm warten seit {time}.",
    "{type} fits: {found} of {wanted} values": "{type} passt: {found} von {wanted} Werten",
    "Write this to {file}?": "Das in {file} schreiben?",
    "Which file is to take it?": "In welche Datei soll es?",
    "There is no device file yet. Whose devices are these (short name, as giessen)?": (
        "Es gibt noch keine Gerätedatei. Wessen Geräte sind das (Kurzname, wie giessen)?"
    ),
    "{count} more: write a part of the name": "{count} weitere: einen Teil des Namens schreiben",
    "Y/n": "J/n",
    "y/N": "j/N",
    "none": "keine Angabe",
    "Do you mean {word}?": "Ist {word} gemeint?",
    "these come near it: which one?": "diese kommen dem nahe: welcher?",
    "this is answered by yes or no": "hier ist ja oder nein die Antwort",
    "this needs an answer": "hier muss eine Antwort stehen",
    "there is no {word}: write a part of its name, or a number": (
        "{word} gibt es nicht: einen Teil des Namens oder eine Nummer schreiben"
    ),
    "there was no answer: nothing is written": "es kam keine Antwort: nichts ist geschrieben",
}

_ANSWERS: Mapping[str, str] = {
    "{text} is no number: write it as 50.5841": "{text} ist keine Zahl: wie 50,5841 schreiben",
    "{text} is no place: write latitude and longitude in degrees, as 50.5841, 8.6784": (
        "{text} ist kein Ort: Breite und Länge in Grad schreiben, wie 50.5841, 8.6784"
    ),
    "{text} is no calibration: write quantity=factor+offset, as pm2_5=0.92+0.4": (
        "{text} ist keine Kalibrierung: Größe=Faktor+Versatz schreiben, wie pm2_5=0,92+0,4"
    ),
    "{text} is no pair: write name=text, as inventar=20931": (
        "{text} ist kein Paar: Name=Text schreiben, wie inventar=20931"
    ),
    "{text} is no date and time: write it as 2026-03-10 14:00 or 10.03.2026 14:00": (
        "{text} ist kein Zeitpunkt: wie 10.03.2026 14:00 oder 2026-03-10 14:00 schreiben"
    ),
    "{text} is no short name": "{text} ist kein Kurzname",
    "it begins the first device file; write a short name for ever, as giessen": (
        "er steht am Anfang der ersten Gerätedatei; einen Kurznamen für immer schreiben, wie giessen"
    ),
    "--lat and --lon go together, and --height goes with both": (
        "--lat und --lon gehören zusammen, und --height zu beiden"
    ),
    "--calibration and --no-calibration exclude each other": (
        "--calibration und --no-calibration schließen sich aus"
    ),
    "--calibration or --no-calibration": "--calibration oder --no-calibration",
    "missing: {options}": "es fehlt: {options}",
    "name these options; at a terminal this command asks": (
        "diese Optionen nennen; an einem Terminal fragt der Befehl danach"
    ),
    "what {address} says fits: {types}": "zu dem, was {address} sagt, passt: {types}",
    "{id} is there already ({file}:{line})": "{id} gibt es schon ({file}:{line})",
    "{address} is mounted at {device}: messnetz devices move {device} takes it elsewhere": (
        "{address} ist an {device} montiert: messnetz devices move {device} bringt ihn an einen anderen Ort"
    ),
}

_DONE: Mapping[str, str] = {
    "there is no device type {name}{near}: messnetz types list shows all": (
        "es gibt keinen Gerätetyp {name}{near}: messnetz types list zeigt alle"
    ),
    "{device} is registered.": "{device} ist registriert.",
    "It stands in {file}:{line}.": "Der Eintrag steht in {file}:{line}.",
    "A running service takes it up by itself.": "Ein laufender Dienst übernimmt ihn von selbst.",
    "{address} is mounted at {device} since {time}.": "{address} ist seit {time} an {device} montiert.",
    "{device} ended on {time}, {to} begins then.": "{device} endete am {time}, {to} beginnt dann.",
    "{device} ended on {time}; {address} is free.": "{device} endete am {time}; {address} ist frei.",
    "What {address} said since then is stored as before. This corrects it:": (
        "Was {address} seitdem sagte, ist noch wie vorher gespeichert. Das berichtigt es:"
    ),
    "The running service took it up: {readings} of {kept} kept messages became readings.": (
        "Der laufende Dienst hat ihn übernommen: aus {readings} von {kept} wartenden Nachrichten wurden"
        " Messwerte."
    ),
    "No service runs: the {kept} messages kept of it are replayed when one starts.": (
        "Kein Dienst läuft: die {kept} wartenden Nachrichten werden nachgeholt, sobald einer startet."
    ),
    "Still kept: {reason}": "Warten weiter: {reason}",
    "nothing is written": "nichts ist geschrieben",
    "nothing is written, for this would be wrong:\n{complaints}": (
        "nichts ist geschrieben, denn das wäre falsch:\n{complaints}"
    ),
    "there is no place {device}{near}": "den Ort {device} gibt es nicht{near}",
    "messnetz devices list shows them all; messnetz check says which entries are bad": (
        "messnetz devices list zeigt alle; messnetz check sagt, welche Einträge falsch sind"
    ),
    "nothing is mounted at {device} any more": "an {device} ist nichts mehr montiert",
    "messnetz devices show {device} says since when": "messnetz devices show {device} sagt, seit wann",
    "{device} has ended already": "{device} ist schon beendet",
    "{folder} is no folder": "{folder} ist kein Ordner",
    "make it, or name another under `devices` in messnetz.yaml": (
        "anlegen oder in messnetz.yaml unter `devices` einen anderen nennen"
    ),
    "there is no device file {file}; there are: {files}": (
        "die Gerätedatei {file} gibt es nicht; es gibt: {files}"
    ),
    "there are several device files: name one of them with --file": (
        "es gibt mehrere Gerätedateien: mit --file eine davon nennen"
    ),
    "{place}: {error}": "{place}: {error}",
    "a comment stands between its braces: edit this entry by hand": (
        "ein Kommentar steht zwischen seinen Klammern: diesen Eintrag von Hand ändern"
    ),
    "entry {number} of {key} has no keys": "Eintrag {number} von {key} hat keine Schlüssel",
    "its list {key} is to be written as lines that begin with -": (
        "seine Liste {key} muss aus Zeilen bestehen, die mit - beginnen"
    ),
    "it is written in a way that only a person can change: edit the file by hand, then ask check": (
        "es ist so geschrieben, dass nur ein Mensch es ändern kann: die Datei von Hand ändern, dann"
        " messnetz check"
    ),
    "{file} was changed by someone else meanwhile: nothing is written": (
        "{file} wurde inzwischen von jemand anderem geändert: nichts ist geschrieben"
    ),
    "the same command again takes the change into account": (
        "derselbe Befehl noch einmal berücksichtigt die Änderung"
    ),
    "{file} cannot be written: {error}": "{file} lässt sich nicht schreiben: {error}",
    "let this user write there, or make room; the file is as it was": (
        "diesem Benutzer das Schreiben dort erlauben oder Platz schaffen; die Datei ist wie vorher"
    ),
}

_SHOWN: Mapping[str, str] = {
    "{count} devices": "{count} Geräte",
    "device": "Gerät",
    "site": "Standort",
    "type": "Typ",
    "address": "Adresse",
    "mounted": "montiert",
    "since {time}": "seit {time}",
    "until {time}": "bis {time}",
    "place": "Ort",
    "location": "Lage",
    ", {height} m above the ground": ", {height} m über dem Boden",
    "speaks every": "sendet alle",
    "car park": "Parkplatz",
    "bay": "Stellplatz",
    "lane": "Fahrstreifen",
    "directions": "Richtungen",
    "labels": "Labels",
    "published": "veröffentlicht",
    "registered in": "registriert in",
    "calibration": "Kalibrierung",
    "always": "schon immer",
    "today": "heute",
    "never": "nie",
    "last heard": "zuletzt gehört",
    "last values": "letzte Werte",
    "{type} measures (decoded by: {codec})": "{type} misst (dekodiert von: {codec})",
    "measurement": "Messung",
    "what it is": "was das ist",
    "unit": "Einheit",
    "what": "was",
    "of": "von",
    "{count} messages are kept since {time}: {reason}": "{count} Nachrichten warten seit {time}: {reason}",
    "nothing ran on {folder} yet": "auf {folder} lief noch nichts",
    "{count} unknown": "{count} unbekannt",
    "DevEUI or name": "DevEUI oder Name",
    "messages": "Nachrichten",
    "first": "zuerst",
    "last": "zuletzt",
    "says": "sagt",
    "may be": "vielleicht",
    "why it is unknown": "warum unbekannt",
    "registered by now: a service that starts or reloads replays it": (
        "inzwischen registriert: ein Dienst, der startet oder neu lädt, holt es nach"
    ),
    " and {count} more": " und {count} weitere",
    "{found} of {wanted} values": "{found} von {wanted} Werten",
    "; not asked for: {names}": "; nicht gefragt: {names}",
    "Not ours:      messnetz devices ignore {address}": (
        "Fremd:              messnetz devices ignore {address}"
    ),
    "no type known here": "kein bekannter Typ",
    "port {port}: {length} bytes": "Port {port}: {length} Bytes",
    "Register one:  messnetz devices add --from-unknown {address}": (
        "Einen registrieren:  messnetz devices add --from-unknown {address}"
    ),
    "nothing is kept of {address}": "von {address} wartet nichts",
    "messnetz devices unknown lists who speaks without being registered": (
        "messnetz devices unknown listet auf, wer sendet und nicht registriert ist"
    ),
}

_IMPORT: Mapping[str, str] = {
    "Rows: {count} ({kind})": "Zeilen: {count} ({kind})",
    "row": "Zeile",
    "result": "Ergebnis",
    "why": "warum",
    "added": "aufgenommen",
    "good, not written": "gut, nicht geschrieben",
    "already there": "schon da",
    "wrong": "falsch",
    "reading the rows": "Zeilen lesen",
    "checking": "prüfen",
    "Columns that are not taken: {names}": "Nicht übernommene Spalten: {names}",
    "Secrets, never taken over: {names}": "Geheimes, nie übernommen: {names}",
    "Written to {file}. A running service takes it up by itself.": (
        "In {file} geschrieben. Ein laufender Dienst übernimmt es von selbst."
    ),
    "Nothing is written: mend the wrong rows, or leave them out with --skip-bad.": (
        "Nichts ist geschrieben: die falschen Zeilen berichtigen oder mit --skip-bad auslassen."
    ),
    "Nothing is written.": "Nichts ist geschrieben.",
    "{file}: {error}": "{file}: {error}",
    "messnetz devices import --help says what a list looks like": (
        "messnetz devices import --help sagt, wie eine Liste aussieht"
    ),
    "there is no device in it": "darin ist kein Gerät",
    "is no JSON here: line {line}": "ist hier kein JSON: Zeile {line}",
    "is empty": "ist leer",
    "is no table of text: save it as CSV (semicolon) and import that": (
        "ist keine Tabelle aus Text: als CSV (Semikolon) speichern und das importieren"
    ),
    "has no column DevEUI: the first line is to name the columns; found: {columns}": (
        "hat keine Spalte DevEUI: die erste Zeile muss die Spalten nennen; gefunden: {columns}"
    ),
    "has more cells than there are columns: put texts with the delimiter into quotes": (
        "hat mehr Zellen, als es Spalten gibt: Texte mit dem Trennzeichen in Anführungszeichen setzen"
    ),
    "cannot be read as a table in line {line}: {error}": (
        "ist in Zeile {line} nicht als Tabelle lesbar: {error}"
    ),
    "lat and lon go together: fill both cells or neither": (
        "Breite und Länge gehören zusammen: beide Zellen füllen oder keine"
    ),
    "the DevEUI is missing": "die DevEUI fehlt",
    "the id is missing, and no site or name to make one of": (
        "die Kennung fehlt, und kein Standort oder Name, um eine zu bilden"
    ),
    "the id {id} stands in several rows": "die Kennung {id} steht in mehreren Zeilen",
    "{address} stands in several rows": "{address} steht in mehreren Zeilen",
    "{address} is mounted at {device}": "{address} ist an {device} montiert",
    "the id {id} is taken; other hardware at that place: messnetz devices swap": (
        "die Kennung {id} ist vergeben; andere Hardware an diesem Ort: messnetz devices swap"
    ),
    "no device type is called {model}: name one in a column `type`, or with --type": (
        "kein Gerätetyp heißt {model}: einen in einer Spalte `Typ` oder mit --type nennen"
    ),
    "type is missing: name one in a column `type`, or for all rows with --type": (
        "der Typ fehlt: einen in einer Spalte `Typ` oder für alle Zeilen mit --type nennen"
    ),
    "{model} may be: {types}; name one in a column `type`": (
        "{model} könnte sein: {types}; einen in einer Spalte `Typ` nennen"
    ),
}

SENTENCES: Mapping[str, str] = {
    **_HELP,
    **_OPTIONS,
    **_QUESTIONS,
    **_ANSWERS,
    **_DONE,
    **_SHOWN,
    **_IMPORT,
    **_IGNORE,
    **_PERIODS,
    **_USAGE,
}
