"""German for the sentences under the fields of the files: what `devices.language.doc` says.

`tests/test_language.py` holds that each has its German.
"""

from collections.abc import Mapping

FIELDS: Mapping[str, str] = {
    # Device files: `devices.device_file`
    "One entry a place.": "Ein Eintrag je Ort.",
    "Whose devices these are.": "Wem die Geräte gehören.",
    "Who answers for the data.": "Wer für die Daten geradesteht.",
    "Time zone of the times in this file.": "Zeitzone der Zeiten in dieser Datei.",
    "Short name for ever, as `giessen`: lower-case letters, digits and `-`.": (
        "Kurzer Name für immer, wie `giessen`: Kleinbuchstaben, Ziffern und `-`."
    ),
    "Amtlicher Gemeindeschlüssel: 8 digits.": "Amtlicher Gemeindeschlüssel: 8 Ziffern.",
    "Name of the authority.": "Name der Behörde.",
    "Mail address for questions.": "Mailadresse für Fragen.",
    "Licence of what is published, as `dl-de/by-2-0`.": (
        "Lizenz dessen, was veröffentlicht wird, wie `dl-de/by-2-0`."
    ),
    "The place; the series' name for ever. Lower-case letters, digits and `-`.": (
        "Der Ort; für immer der Name der Zeitreihe. Kleinbuchstaben, Ziffern und `-`."
    ),
    "What people call the place, as `Marktplatz`.": "Wie die Leute den Ort nennen, wie `Marktplatz`.",
    "Part of the town.": "Stadtteil.",
    "Where it stands: `{lat: 50.5841, lon: 8.6784, height: 3.5}`.": (
        "Wo es steht: `{lat: 50.5841, lon: 8.6784, height: 3.5}`."
    ),
    "How often it should speak, as `10min`. Default: as its type says.": (
        "Wie oft es sich melden soll, wie `10min`. Ohne Angabe: wie es sein Typ sagt."
    ),
    "Who may have its data: `none`, `partners` or `open`. Parking bays are never open singly.": (
        "Wer seine Daten haben darf: `none`, `partners` oder `open`. Einzelne Parkplätze sind nie offen."
    ),
    "Free texts for searching and exports, as `{inventar: 20931}`.": (
        "Freie Texte zum Suchen und für Exporte, wie `{inventar: 20931}`."
    ),
    "What the type's directions are in this street, as `{ltr: stadteinwärts, rtl: stadtauswärts}`.": (
        "Was die Richtungen des Typs in dieser Straße sind, wie `{ltr: stadteinwärts, rtl: stadtauswärts}`."
    ),
    "Car park that a parking bay belongs to.": "Parkplatz, zu dem ein Stellplatz gehört.",
    "Number of the parking bay.": "Nummer des Stellplatzes.",
    "Bays that a sensor of several names, and what they are called here, as `{1: A17, 2: A18}`.": (
        "Stellplätze, die ein Sensor für mehrere nennt, und wie sie hier heißen, wie `{1: A17, 2: A18}`."
    ),
    "Lane of the street.": "Fahrstreifen der Straße.",
    "Thresholds of tests at this place by quantity, where others than the type's fit, as `pm2_5: {spike: "
    "80, flat: 6h}`.": (
        "Schwellen der Prüfungen an diesem Ort je Größe, wo andere als die des Typs passen, wie `pm2_5: "
        "{spike: 80, flat: 6h}`."
    ),
    "Hardware at this place over time, instead of the short form with `dev_eui` and `type`.": (
        "Was im Lauf der Zeit an diesem Ort hing, statt der Kurzform mit `dev_eui` und `type`."
    ),
    "When it was mounted, in local time, as `2025-11-03 09:30`. Default: it always hung there.": (
        "Wann es montiert wurde, in Ortszeit, wie `2025-11-03 09:30`. Ohne Angabe: es hing schon immer da."
    ),
    "When it was taken down, in local time. Default: it still hangs there.": (
        "Wann es abgebaut wurde, in Ortszeit. Ohne Angabe: es hängt noch da."
    ),
    "DevEUI, 16 hex digits as on the sensor's label; `-` and `:` may stand between.": (
        "DevEUI, 16 Ziffern 0-9 und a-f wie auf dem Aufkleber des Sensors; `-` und `:` dürfen dazwischen "
        "stehen."
    ),
    "Name that a sensor without LoRaWAN sends, instead of `dev_eui`.": (
        "Name, den ein Sensor ohne LoRaWAN sendet, statt `dev_eui`."
    ),
    "Device type: name of a file in the types' folders.": (
        "Gerätetyp: Name einer Datei in den Ordnern der Typen."
    ),
    "Calibration by quantity, as `pm2_5: {factor: 0.92, offset: 0.4}`. It ends with this hardware.": (
        "Kalibrierung je Größe, wie `pm2_5: {factor: 0.92, offset: 0.4}`. Sie endet mit diesem Gerät."
    ),
    "Values that the type's codec asks for.": "Werte, nach denen der Codec des Typs fragt.",
    "Multiplied with the value.": "Wird mit dem Wert multipliziert.",
    "Added after that.": "Wird danach addiert.",
    "Latitude in degrees, as 50.5841.": "Breite in Grad, wie 50.5841.",
    "Longitude in degrees, as 8.6784.": "Länge in Grad, wie 8.6784.",
    "Metres above the ground.": "Meter über dem Boden.",
    # Thresholds: `devices.qc`
    "Outside of it a value fails, as `[0, 500]`; `null` where it is open.": (
        "Außerhalb gilt ein Wert nicht, wie `[0, 500]`; `null`, wo es offen ist."
    ),
    "Outside of it a value is suspect.": "Außerhalb ist ein Wert auffällig.",
    "How far it may lie outside of the two values before it: `80`; `[80, 200]` to fail from 200; `none`.": (
        "Wie weit er außerhalb der beiden Werte davor liegen darf: `80`; `[80, 200]`, damit er ab 200 nicht"
        " gilt; `none`."
    ),
    "How much it may change in a minute, likewise.": "Wie sehr er sich in einer Minute ändern darf, ebenso.",
    "How long it may stay the same: `12h`, or `[12h, 3d]` to fail after the second; `none`.": (
        "Wie lange er gleich bleiben darf: `12h`, oder `[12h, 3d]`, damit er nach dem zweiten nicht gilt; "
        "`none`."
    ),
    "How long it may be silent, as `2h`; after more it is not compared with what was before.": (
        "Wie lange es schweigen darf, wie `2h`; danach wird nicht mit dem Vorigen verglichen."
    ),
    # Device types: `devices.type_file`
    "Who makes it.": "Wer es herstellt.",
    "What the maker calls it.": "Wie der Hersteller es nennt.",
    "Where the catalogue lists it: `air`, `noise`, `parking`, `traffic`, `people`, `weather`, `water` …": (
        "Wo der Katalog es führt: `air`, `noise`, `parking`, `traffic`, `people`, `weather`, `water` …"
    ),
    "Where its payload is documented.": "Wo sein Payload beschrieben ist.",
    "Version of this description: raised when its readings change their meaning.": (
        "Version dieser Beschreibung: erhöht, wenn ihre Messwerte etwas anderes bedeuten."
    ),
    "Who decodes the payload: `lns` (the network server), a codec of ours, or a file as `sensor.js`.": (
        "Wer den Payload dekodiert: `lns` (der Netzwerkserver), ein mitgelieferter Codec oder eine Datei "
        "wie `sensor.js`."
    ),
    "How often it speaks as delivered, as `10min`.": "Wie oft es sich ab Werk meldet, wie `10min`.",
    "For one that speaks when something happens: how often it speaks at least, as `24h`.": (
        "Für eines, das sich bei Ereignissen meldet: wie oft mindestens, wie `24h`."
    ),
    "What it says of its battery; `none` for one on mains, `silent` for one that says nothing of it.": (
        "Was es über seine Batterie sagt; `none` bei Netzbetrieb, `silent`, wenn es nichts darüber sagt."
    ),
    "Ports on which nothing is said that we keep.": "Ports, auf denen nichts kommt, was aufgehoben wird.",
    "Fields of messages that say nothing that we keep, as `firmware_version`; with readings they count.": (
        "Felder von Meldungen, in denen nichts steht, was aufgehoben wird, wie `firmware_version`; mit "
        "Messwerten zählen sie."
    ),
    "Ports on which it says that it started anew; its counters may have begun at 0.": (
        "Ports, auf denen es einen Neustart meldet; seine Zähler können bei 0 begonnen haben."
    ),
    "What it measures.": "Was es misst.",
    "Published examples.": "Veröffentlichte Beispiele.",
    "The quantity in which it says so: `battery` (%) or `battery_voltage` (V).": (
        "Die Größe, in der es das sagt: `battery` (%) oder `battery_voltage` (V)."
    ),
    "Below this it is to be changed; in % or V.": "Darunter ist sie zu wechseln; in % oder V.",
    "Says the entry once for each of these words, as `{line: [1, 2, 3, 4]}`: `{line}` in its paths and tags"
    " becomes each in turn.": (
        "Der Eintrag gilt einmal für jedes dieser Wörter, wie `{line: [1, 2, 3, 4]}`: `{line}` in seinen "
        "Pfaden und Tags wird nacheinander jedes davon."
    ),
    "The values by quantity (`pm2_5`, `count` …), each with the place it stands at.": (
        "Die Werte je Größe (`pm2_5`, `count` …), jeder mit der Stelle, an der er steht."
    ),
    "Own tags of the reading: `direction`, `lane`, `vehicle_class`, `lot`, `bay`.": (
        "Eigene Tags des Messwerts: `direction`, `lane`, `vehicle_class`, `lot`, `bay`."
    ),
    "Only uplinks on these ports say this, and those of a server that tells no port. Default: all.": (
        "Nur Uplinks auf diesen Ports sagen das, und die eines Servers, der keinen Port nennt. Ohne Angabe:"
        " alle."
    ),
    "Path to a list in the decoded object: every item is one reading, and other paths begin there.": (
        "Pfad zu einer Liste im dekodierten Objekt: jeder Eintrag ist ein Messwert, und andere Pfade "
        "beginnen dort."
    ),
    "For a list of past values that have no time: how far apart they are, as `10min`, or a path of the "
    "decoded object with its unit. The newest is of the uplink's time.": (
        "Für eine Liste früherer Werte ohne Zeit: wie weit sie auseinanderliegen, wie `10min`, oder ein "
        "Pfad des dekodierten Objekts mit seiner Einheit. Der neueste ist von der Zeit des Uplinks."
    ),
    "Where the newest item of such a list stands.": "Wo der neueste Eintrag einer solchen Liste steht.",
    "Path to the reading's own time. Default: the uplink's time.": (
        "Pfad zur eigenen Zeit des Messwerts. Ohne Angabe: die Zeit des Uplinks."
    ),
    "Whether the device's time is the end or the begin of an interval.": (
        "Ob die Zeit des Geräts das Ende oder der Beginn eines Intervalls ist."
    ),
    "How long it measures: `15min`, or a path with its unit. Default: `every`, or since the one before of "
    "the same tags.": (
        "Wie lange es misst: `15min`, oder ein Pfad mit seiner Einheit. Ohne Angabe: `every`, oder seit dem"
        " vorigen mit denselben Tags."
    ),
    "Path to it: keys with dots between them, as `pm2_5.value`; whole numbers count the items of lists. "
    "With one of `[ ] ( ) { } | * & @` outside of double quotes it is a [JMESPath](https://jmespath.org), "
    "as `messages[?type=='pm2_5'].value | [0]`; `\"@\"` is an item of `each` itself.": (
        "Pfad dorthin: Schlüssel mit Punkten dazwischen, wie `pm2_5.value`; ganze Zahlen zählen die "
        "Einträge von Listen. Mit einem von `[ ] ( ) { } | * & @` außerhalb doppelter Anführungszeichen ist"
        " es ein [JMESPath](https://jmespath.org), wie `messages[?type=='pm2_5'].value | [0]`; `\"@\"` ist "
        "ein Eintrag von `each` selbst."
    ),
    "The unit it is said in, UCUM or as usual (`ug/m3`, `µg/m³`, `ppb`, `°C`); none for counts.": (
        "Die Einheit, in der es gesagt wird, UCUM oder wie üblich (`ug/m3`, `µg/m³`, `ppb`, `°C`); keine "
        "bei Zählungen."
    ),
    "`delta`: counted since the last uplink; `total`: counted for ever; `gauge`: how many are there now.": (
        "`delta`: seit dem letzten Uplink gezählt; `total`: seit jeher gezählt; `gauge`: wie viele gerade "
        "da sind."
    ),
    "Bits of a `total`, after which it begins anew at 0. Leave out where it never does.": (
        "Bits eines `total`, nach denen er wieder bei 0 beginnt. Weglassen, wenn er das nie tut."
    ),
    "Words that mean numbers, as `{occupied: 1, free: 0}`.": (
        "Wörter, die Zahlen bedeuten, wie `{occupied: 1, free: 0}`."
    ),
    "Words that mean: no value now. `No Sensor`, `NoSensor` and `NaN` are known already.": (
        "Wörter, die bedeuten: gerade kein Wert. `No Sensor`, `NoSensor` und `NaN` sind schon bekannt."
    ),
    "`true` for particles counted by light without a dryer: suspect above 80 % relative humidity.": (
        "`true` für Teilchen, die ohne Trockner mit Licht gezählt werden: über 80 % relativer Feuchte "
        "auffällig."
    ),
    "Thresholds of its tests, where this model needs others than the catalogue's.": (
        "Schwellen seiner Prüfungen, wo dieses Modell andere als die des Katalogs braucht."
    ),
    "Path to it.": "Pfad dorthin.",
    "What the payload may say, and the tag it becomes. Anything else is refused, but for what a device "
    "itself lists under `direction` or `bays`.": (
        "Was die Payload sagen darf und welcher Tag daraus wird. Anderes wird abgelehnt, außer was ein "
        "Gerät selbst unter `direction` oder `bays` aufführt."
    ),
    "Its unit: `s`, `min`, `h` …": "Seine Einheit: `s`, `min`, `h` …",
    "Where it was published.": "Wo es veröffentlicht wurde.",
    "Whether we made it up ourselves. A type that has no other example is listed as unverified.": (
        "Ob es selbst ausgedacht ist. Ein Typ ohne anderes Beispiel gilt als ungeprüft."
    ),
    "What is to be seen in it.": "Was darin zu sehen ist.",
    "Port of the uplink.": "Port des Uplinks.",
    "Payload in hex, for a codec of ours or a `.js` file.": (
        "Payload in Hex, für einen mitgelieferten Codec oder eine `.js`-Datei."
    ),
    "The decoded object: the server's for `lns`, else what the codec is to make of the payload.": (
        "Das dekodierte Objekt: bei `lns` das des Servers, sonst was der Codec aus dem Payload machen soll."
    ),
    "Time of the uplink (RFC 3339), where it matters.": "Zeit des Uplinks (RFC 3339), wo es darauf ankommt.",
    "What the device's installation says to the codec, where it matters.": (
        "Was der Eintrag des Geräts dem Codec sagt, wo es darauf ankommt."
    ),
    "The rows of the first uplink ever of such a device, without those of the radio.": (
        "Die Zeilen des allerersten Uplinks eines solchen Geräts, ohne die des Funks."
    ),
    "Measurement, as `air_quality`.": "Messung, wie `air_quality`.",
    "Own tags of the row.": "Eigene Tags der Zeile.",
    "Fields as they are written, in the catalogue's units: a failed value of `o3` is `o3_failed`.": (
        "Felder, wie sie geschrieben werden, in den Einheiten des Katalogs: ein ungültiger Wert von `o3` "
        "ist `o3_failed`."
    ),
    # Periods and ignored devices: `devices.periods`, `devices.ignored`
    "Version of this file's form.": "Version der Form dieser Datei.",
    "One entry a period.": "Ein Eintrag je Zeitraum.",
    "Id of the device, or a list of ids.": "Id des Geräts oder eine Liste von Ids.",
    "Instead: the site, or a list of sites, with all its devices.": (
        "Stattdessen: der Standort oder eine Liste von Standorten, mit allen Geräten dort."
    ),
    "When it begins, in local time, as `2026-03-10 09:30`.": (
        "Wann er beginnt, in Ortszeit, wie `2026-03-10 09:30`."
    ),
    "When it is over, in local time. Default: it is not over yet.": (
        "Wann er vorbei ist, in Ortszeit. Ohne Angabe: er dauert noch an."
    ),
    "`maintenance`: somebody worked there; `flag`: what was measured was not the street.": (
        "`maintenance`: da wurde gearbeitet; `flag`: gemessen wurde nicht die Straße."
    ),
    "Why, as `construction site`: for all who wonder later.": (
        "Warum, wie `Baustelle`: für alle, die später fragen."
    ),
    "Who said so.": "Wer das gesagt hat.",
    "When it was entered, as `2026-03-11`.": "Wann es eingetragen wurde, wie `2026-03-11`.",
    "One entry a device.": "Ein Eintrag je Gerät.",
    "DevEUI, 16 hex digits, or the name that a sensor without LoRaWAN sends.": (
        "DevEUI, 16 Ziffern 0-9 und a-f, oder der Name, den ein Sensor ohne LoRaWAN sendet."
    ),
    "Whose it is, or why it is ignored.": "Wem es gehört oder warum es übergangen wird.",
    "When it was entered, as 2026-03-10.": "Wann es eingetragen wurde, wie 2026-03-10.",
    "Who entered it.": "Wer es eingetragen hat.",
    # Settings: `ingest.settings`
    "Where time series go: `influx`, or `embedded` (a file, for demos and towns up to 1000 devices).": (
        "Wohin Zeitreihen gehen: `influx`, oder `embedded` (eine Datei, für Vorführungen und Städte mit bis"
        " zu 1000 Geräten)."
    ),
    "The InfluxDB, for `store: influx`.": "Die InfluxDB, für `store: influx`.",
    "The MQTT brokers to read from, several at once.": (
        "Die MQTT-Broker, von denen gelesen wird, mehrere zugleich."
    ),
    "Folder with the registry: every `*.yaml` in it.": (
        "Ordner mit dem Geräteverzeichnis: jede `*.yaml` darin."
    ),
    "Folder with the city's own device types, beside those that come with Messnetz.": (
        "Ordner mit den eigenen Gerätetypen der Stadt, neben den mitgelieferten."
    ),
    "Folder with the `.js` codecs that device types name.": (
        "Ordner mit den `.js`-Codecs, die Gerätetypen nennen."
    ),
    "File with devices that are not ours, whose uplinks are let go; `messnetz devices ignore` writes it.": (
        "Datei mit den Geräten, die nicht unsere sind und deren Uplinks übergangen werden: `messnetz "
        "devices ignore` schreibt sie."
    ),
    "File with the times in which values are not valid; `messnetz devices maintenance` writes it.": (
        "Datei mit den Zeiten, in denen Werte nicht gelten; `messnetz devices maintenance` schreibt sie."
    ),
    "Language of what technicians read. Default: that of the locale, German or else English.": (
        "Sprache dessen, was Technikerinnen und Techniker lesen. Ohne Angabe: die der Umgebung, Deutsch "
        "oder sonst Englisch."
    ),
    "Folder for the spool, the embedded store and the control socket; of one running service only.": (
        "Ordner für den Spool, den eingebauten Speicher und den Steuersocket; nur eines laufenden Dienstes."
    ),
    "What waits on our disk.": "Was auf unserer Platte wartet.",
    "How long accepted uplinks are kept.": "Wie lange angenommene Uplinks aufgehoben werden.",
    "The operators' address.": "Die Adresse für den Betrieb.",
    "The planners' address.": "Die Adresse für Planende.",
    "Address to listen on. It does not encrypt: for others put a reverse proxy with TLS before it.": (
        "Adresse, auf der gelauscht wird. Sie verschlüsselt nicht: für andere einen Reverse Proxy mit TLS"
        " davorsetzen."
    ),
    "A file with the user name on its first line and the password on its second. Without it: off.": (
        "Eine Datei mit dem Benutzernamen in der ersten und dem Passwort in der zweiten Zeile. Ohne sie: aus."
    ),
    "Likewise for partners, who only get devices whose `publish` is `partners` or `open`.": (
        "Ebenso für Partner, die nur Geräte bekommen, deren `publish` `partners` oder `open` ist."
    ),
    "Exports that are made at once; others wait their turn.": (
        "Exporte, die zugleich erstellt werden; weitere warten, bis sie an der Reihe sind."
    ),
    "Minutes that making one may take.": "Minuten, die das Erstellen dauern darf.",
    "Size that one may have.": "Größe, die einer haben darf.",
    "What the service says while it runs.": "Was der Dienst sagt, während er läuft.",
    "Base address, as `http://localhost:8086`.": "Basisadresse, wie `http://localhost:8086`.",
    "Bucket of the finished hours (every measurement `…_1h`), to keep them longer. Default: `bucket`.": (
        "Bucket der fertigen Stunden (jede Messung `…_1h`), um sie länger zu behalten. Standard: `bucket`."
    ),
    "Bucket of what single parking bays say, to keep it shorter. Default: `bucket`.": (
        "Bucket dessen, was einzelne Stellplätze melden, um es kürzer zu behalten. Standard: `bucket`."
    ),
    "Bucket; for version 1.8 `database/retention_policy`, for version 3 the database.": (
        "Bucket; bei Version 1.8 `database/retention_policy`, bei Version 3 die Datenbank."
    ),
    "Organisation (version 2).": "Organisation (Version 2).",
    "A file whose first line is the token; for version 1.8 `user:password`.": (
        "Eine Datei, deren erste Zeile das Token ist; bei Version 1.8 `user:password`."
    ),
    "Certificate authority of an `https` address (PEM). Default: the system's own.": (
        "Zertifizierungsstelle einer `https`-Adresse (PEM). Ohne Angabe: die des Systems."
    ),
    "Seconds to wait for an answer to one request.": (
        "Sekunden, die auf die Antwort auf eine Anfrage gewartet wird."
    ),
    "A short name for logs and metrics: lower-case letters, digits, `-`, `_`.": (
        "Ein kurzer Name für Logs und Metriken: Kleinbuchstaben, Ziffern, `-`, `_`."
    ),
    "Whose events: a network server's, `auto` (told by their shape) or `custom` (fields named below).": (
        "Wessen Ereignisse: eines Netzwerkservers, `auto` (an der Form erkannt) oder `custom` (Felder unten"
        " genannt)."
    ),
    "Host name or address of the broker.": "Name oder Adresse des Brokers.",
    "Port of the broker. Default: 8883 with `tls`, else 1883.": (
        "Port des Brokers. Ohne Angabe: mit `tls` 8883, sonst 1883."
    ),
    "Topic filters to subscribe to. Default: those of the format, where its server has usual topics.": (
        "Topic-Filter, die abonniert werden. Ohne Angabe: die des Formats, wenn dessen Server übliche "
        "Topics hat."
    ),
    "Where everything stands in the messages, for `format: custom`.": (
        "Wo in den Meldungen alles steht, für `format: custom`."
    ),
    "Name of a shared subscription (`$share/<name>/…`), for several instances behind one broker.": (
        "Name eines geteilten Abonnements (`$share/<name>/…`), für mehrere Instanzen hinter einem Broker."
    ),
    "MQTT version. 5 tells the broker our `receive_maximum` and how long to keep the session.": (
        "MQTT-Version. 5 sagt dem Broker unser `receive_maximum` und wie lange er die Sitzung behalten soll."
    ),
    "Fixed name of the session that the broker keeps for us; unique on that broker.": (
        "Fester Name der Sitzung, die der Broker für uns behält; auf diesem Broker einmalig."
    ),
    "A file with the user name on its first line and the password on its second.": (
        "Eine Datei mit dem Benutzernamen in der ersten und dem Passwort in der zweiten Zeile."
    ),
    "Encrypt the connection; `tls: {}` does so with the system's authorities.": (
        "Die Verbindung verschlüsseln; `tls: {}` tut das mit den Zertifizierungsstellen des Systems."
    ),
    "Seconds after which a silent connection is probed; a dead one is noticed within twice that.": (
        "Sekunden, nach denen eine stille Verbindung geprüft wird; eine tote fällt in der doppelten Zeit auf."
    ),
    "MQTT 5: how many messages the broker may send ahead of our acknowledgements.": (
        "MQTT 5: wie viele Meldungen der Broker unseren Bestätigungen vorausschicken darf."
    ),
    "MQTT 5: seconds the broker keeps the session and its queue while we are away (a week).": (
        "MQTT 5: Sekunden, die der Broker die Sitzung und ihre Warteschlange behält, während wir weg sind "
        "(eine Woche)."
    ),
    "Path to the sender's DevEUI or name, as `device.eui`.": (
        "Pfad zu DevEUI oder Name des Absenders, wie `device.eui`."
    ),
    "Level of the topic that is the DevEUI or name, where `address` finds none: 1 the first, -1 the last.": (
        "Ebene des Topics, die DevEUI oder Name ist, wo `address` keine findet: 1 die erste, -1 die letzte."
    ),
    "Path to the payload as the device sent it, for a codec.": (
        "Pfad zum Payload, wie ihn das Gerät geschickt hat, für einen Codec."
    ),
    "How `payload` is written.": "Wie `payload` geschrieben ist.",
    'Path to the object with the values, where they are decoded already; `"@"` is the whole message.': (
        'Pfad zum Objekt mit den Werten, wenn sie schon dekodiert sind; `"@"` ist die ganze Meldung.'
    ),
    "Path to the port (LoRaWAN).": "Pfad zum Port (LoRaWAN).",
    "Path to the frame counter (LoRaWAN).": "Pfad zum Rahmenzähler (LoRaWAN).",
    "Path to the time: RFC 3339, or s, ms, µs or ns since 1970. Default: when the message arrives.": (
        "Pfad zur Zeit: RFC 3339, oder s, ms, µs oder ns seit 1970. Ohne Angabe: wann die Meldung ankommt."
    ),
    "Path to what is equal in messages of one frame and differs otherwise. Default: counter and payload.": (
        "Pfad zu dem, was in Meldungen eines Rahmens gleich ist und sonst verschieden. Ohne Angabe: Zähler "
        "und Payload."
    ),
    "Path to the signal strength in dBm of the best gateway.": (
        "Pfad zur Signalstärke in dBm des besten Gateways."
    ),
    "Path to the signal-to-noise ratio in dB of the best gateway.": (
        "Pfad zum Signal-Rausch-Abstand in dB des besten Gateways."
    ),
    "Path to the number of gateways that heard it, or to a list with one item for each.": (
        "Pfad zur Zahl der Gateways, die es hörten, oder zu einer Liste mit einem Eintrag für jedes."
    ),
    "Path to the spreading factor, a number.": "Pfad zum Spreizfaktor, einer Zahl.",
    "Certificate authority that signed the server's certificate (PEM). Default: the system's own.": (
        "Zertifizierungsstelle, die das Zertifikat des Servers unterschrieben hat (PEM). Ohne Angabe: die "
        "des Systems."
    ),
    "Our client certificate (PEM), where the server asks for one.": (
        "Unser Client-Zertifikat (PEM), wenn der Server eines verlangt."
    ),
    "The private key of `cert_file` (PEM).": "Der private Schlüssel zu `cert_file` (PEM).",
    "Budget for lines that wait for the store; when full, nothing is acknowledged: the broker waits.": (
        "Platz für Zeilen, die auf den Speicher warten; ist er voll, wird nichts bestätigt: der Broker "
        "wartet."
    ),
    "Budget for messages kept because they were refused; the device that holds most gives up its oldest.": (
        "Platz für Meldungen, die abgelehnt und aufgehoben wurden; das Gerät mit den meisten gibt seine "
        "ältesten ab."
    ),
    "Budget for lines that the store refused, kept in the same way.": (
        "Platz für Zeilen, die der Speicher abgelehnt hat, ebenso aufgehoben."
    ),
    "How long refusals are kept.": "Wie lange Abgelehntes aufgehoben wird.",
    "How many refusals are kept of one device.": "Wie viel Abgelehntes von einem Gerät aufgehoben wird.",
    "How many days are kept.": "Wie viele Tage aufgehoben werden.",
    "Budget for all days together; the oldest goes first. An uplink takes some 200 bytes.": (
        "Platz für alle Tage zusammen; der älteste geht zuerst. Ein Uplink braucht etwa 200 Byte."
    ),
    "Address to listen on. It has no login: keep it on loopback or an internal network.": (
        "Adresse, auf der gelauscht wird. Sie hat keine Anmeldung: nur auf dem eigenen Rechner oder im "
        "internen Netz."
    ),
    "Port; 0 takes any free one and logs it.": "Port; 0 nimmt irgendeinen freien und schreibt ihn ins Log.",
    "When operators are told.": "Wann der Betrieb benachrichtigt wird.",
    "Minutes that a sensor or gateway must count as silent before the alarm: it may only be late.": (
        "Minuten, die ein Sensor oder Gateway als schweigend gelten muss, bevor Alarm ist: vielleicht ist "
        "es nur spät."
    ),
    "Battery in % below which it is to be changed, where the device's type names no limit of its own.": (
        "Batterie in %, unter der sie zu wechseln ist, wenn der Gerätetyp keine eigene Grenze nennt."
    ),
    "Class of the UBA index that an hour must reach: 2 good, 3 moderate, 4 poor, 5 very poor.": (
        "Klasse des UBA-Index, die eine Stunde erreichen muss: 2 gut, 3 mäßig, 4 schlecht, 5 sehr schlecht."
    ),
    "Days without a change after which a parking sensor that still speaks counts as stuck.": (
        "Tage ohne Wechsel, nach denen ein Parksensor, der noch sendet, als hängen geblieben gilt."
    ),
    "Minutes without anything of ours in the database; every device has a row every 5 minutes.": (
        "Minuten, in denen nichts von uns in die Datenbank kam; jedes Gerät hat alle 5 Minuten eine Zeile."
    ),
    "Minutes that `/readyz` may name a reason before the alarm.": (
        "Minuten, die `/readyz` einen Grund nennen darf, bevor Alarm ist."
    ),
    "Minutes without an uplink of any sensor of a broker that we are connected to, where some are due.": (
        "Minuten ohne Uplink irgendeines Sensors eines Brokers, mit dem wir verbunden sind, wenn welche"
        " fällig sind."
    ),
    "Minutes that a line may wait for the database.": (
        "Minuten, die eine Zeile auf die Datenbank warten darf."
    ),
    "Hours that an hour may stay unfinished after it is due.": (
        "Stunden, die eine fällige Stunde unfertig bleiben darf."
    ),
    "Share of `spool.waiting_bytes` in % that may be full.": (
        "Anteil von `spool.waiting_bytes` in %, der belegt sein darf."
    ),
    "Messages that may be refused in an hour: unknown devices and unreadable payloads together.": (
        "Meldungen, die in einer Stunde abgelehnt werden dürfen: unbekannte Geräte und Unlesbares zusammen."
    ),
    "Lines that the database may refuse in an hour.": (
        "Zeilen, die die Datenbank in einer Stunde ablehnen darf."
    ),
    "Days before a certificate's end.": "Tage vor dem Ablauf eines Zertifikats.",
    "Free space that the disk of the state folder must have.": (
        "Freier Platz, den die Platte des Zustandsordners haben muss."
    ),
    "`console` for people, `json` for machines: one object a line.": (
        "`console` für Menschen, `json` für Maschinen: ein Objekt je Zeile."
    ),
    "The least important events that are written.": "Die unwichtigsten Ereignisse, die geschrieben werden.",
    # publish.export.ask
    "Sites, as `Marktplatz`. Default: all.": "Standorte, wie `Marktplatz`. Standard: alle.",
    "Places by their id, as `luft-marktplatz`. Default: all.": (
        "Messstellen nach ihrer Kennung, wie `luft-marktplatz`. Standard: alle."
    ),
    "Quantities by their name in the catalogue, as `pm2_5`. Default: all that are measured there.": (
        "Messgrößen nach ihrem Namen im Katalog, wie `pm2_5`. Standard: alle, die dort gemessen werden."
    ),
    "Municipalities by their id, as `giessen`. Default: all.": (
        "Kommunen nach ihrer Kennung, wie `giessen`. Standard: alle."
    ),
    "Districts. Default: all.": "Stadtteile. Standard: alle.",
    "Labels of the registry, as `inventar=20931`, or `inventar` for any value of it. Default: all.": (
        "Merkmale aus der Gerätedatei, wie `inventar=20931`, oder `inventar` für jeden Wert davon. "
        "Standard: alle."
    ),
    "First day (`2026-01-01`) or moment (`2026-01-01 06:00`), in local time.": (
        "Erster Tag (`2026-01-01`) oder Zeitpunkt (`2026-01-01 06:00`), in Ortszeit."
    ),
    "Last day, which belongs to it (`2026-01-31`), or the moment it ends (`2026-02-01 00:00`), in "
    "local time.": (
        "Letzter Tag, der dazugehört (`2026-01-31`), oder Zeitpunkt des Endes (`2026-02-01 00:00`), "
        "in Ortszeit."
    ),
    "Instead of `from` and `to`: `24h`, `30d`, `4w` up to now; `1mo`, `1y`: whole months or years "
    "that ended.": (
        "Anstelle von `from` und `to`: `24h`, `30d`, `4w` bis jetzt; `1mo`, `1y`: ganze Monate oder "
        "Jahre, die zu Ende sind."
    ),
    "`raw`, one figure a window of local time (`15min`, `1h`, `1d`, `1mo`), or a profile: the mean "
    "`hour-of-day`, `hour-of-week` or `day-of-week`. Default: `raw`.": (
        "`raw` (einzeln), ein Wert je Zeitfenster der Ortszeit (`15min`, `1h`, `1d`, `1mo`) oder ein "
        "mittlerer Gang: `hour-of-day` (Tagesgang), `hour-of-week` (Wochengang) oder `day-of-week` "
        "(Wochentage). Standard: `raw`."
    ),
    "How values of a window become one: `auto` takes the catalogue's rule for each quantity; `min` "
    "and `max` go with most. Default: `auto`.": (
        "Wie aus den Werten eines Zeitfensters einer wird: `auto` nimmt für jede Messgröße die Regel "
        "des Katalogs; `min` und `max` passen zu den meisten. Standard: `auto`."
    ),
    "Instead of values: figures of `traffic` or `parking` for the whole time, each with its formula.": (
        "Anstelle von Werten: Kennzahlen von `traffic` (Verkehr) oder `parking` (Parken) für die "
        "ganze Zeit, jede mit ihrer Formel."
    ),
    "What to do with suspect values: `keep` them, marked, or `drop` them. Failed ones are always left"
    " out. Default: `keep`.": (
        "Was mit auffälligen Werten geschieht: `keep` behält sie und kennzeichnet sie, `drop` lässt "
        "sie weg. Durchgefallene fehlen immer. Standard: `keep`."
    ),
    "What is written: `csv` for machines, `csv-de` for German Excel, `xlsx`, `parquet`, `geojson`, "
    "`gpkg`, `ndjson`. Default: `csv`.": (
        "Was geschrieben wird: `csv` für Programme, `csv-de` für deutsches Excel, `xlsx`, `parquet`, "
        "`geojson`, `gpkg`, `ndjson`. Standard: `csv`."
    ),
    "`wide`: a row a time and a column a series; `long`: a row a value. Default: as the format is used.": (
        "`wide`: eine Zeile je Zeit und eine Spalte je Zeitreihe; `long`: eine Zeile je Wert. Standard: "
        "wie es zum Format passt."
    ),
    "Who gets it: `internal`, `partners` or `open`. Devices whose `publish` does not allow it are "
    "left out. Default: `internal`.": (
        "Wer es bekommt: `internal` (intern), `partners` oder `open` (alle). Messstellen, deren "
        "`publish` das nicht erlaubt, bleiben weg. Standard: `internal`."
    ),
    "Language of heads and notes: `de` or `en`. Default: `de`.": (
        "Sprache der Spaltenköpfe und Hinweise: `de` oder `en`. Standard: `de`."
    ),
}
