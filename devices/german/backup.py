"""German for `messnetz backup`, `restore` and `copy`."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "{folder} belongs to the running process {holder}": "{folder} gehört dem laufenden Prozess {holder}",
    "(unknown)": "(unbekannt)",
    "stop that one first, or give this one its own `state` folder": (
        "zuerst jenen anhalten, oder diesem einen eigenen Ordner `state` geben"
    ),
    "no backup was written: {file} {trouble}": "es wurde keine Sicherung geschrieben: {file} {trouble}",
    "look at it with messnetz doctor; the service sets a damaged spool aside when it starts;"
    " any other damaged file, move away and give the same command again": (
        "mit messnetz doctor ansehen; einen beschädigten Spool legt der Dienst beim Start beiseite; jede"
        " andere beschädigte Datei wegräumen und denselben Befehl noch einmal geben"
    ),
    "is damaged, or is no database": "ist beschädigt oder keine Datenbank",
    "does not fit: the disk is full": "passt nicht: die Platte ist voll",
    "cannot be opened by this user": "lässt sich von diesem Benutzer nicht öffnen",
    "is held by another program": "wird von einem anderen Programm festgehalten",
    "cannot be read (error {number} of SQLite)": "ist nicht lesbar (Fehler {number} von SQLite)",
    "name the file that was set aside: it lies in the state folder": (
        "die beiseitegelegte Datei nennen: sie liegt im Zustandsordner"
    ),
    "lacks what Messnetz keeps there: it is another file, or its tables are lost": (
        "enthält nicht, was Messnetz dort ablegt: es ist eine andere Datei, oder ihre Tabellen sind verloren"
    ),
    "{file} has version {version}, this Messnetz knows versions up to {known}": (
        "{file} hat Version {version}, dieses Messnetz kennt Versionen bis {known}"
    ),
    "copy it with the newer Messnetz that wrote it": (
        "mit dem neueren Messnetz kopieren, das sie geschrieben hat"
    ),
    "restore a backup that holds it into another folder, and copy from there": (
        "eine Sicherung, die sie enthält, in einen anderen Ordner zurückspielen und von dort kopieren"
    ),
    "{file} holds no secret": "{file} enthält kein Geheimnis",
    "run it as the user whose folder this is": (
        "den Befehl als der Benutzer ausführen, dem dieser Ordner gehört"
    ),
    "put it back from a backup; or move it away: if no other file holds it, it is made anew": (
        "aus einer Sicherung zurückholen; oder wegräumen: steht es in keiner anderen Datei, entsteht es neu"
    ),
    "Write settings, secrets, registry, spool, archive and the embedded store into one file.\n\n"
    "The service may run meanwhile. The file holds passwords and tokens: only its owner may read it. Time"
    " series in an InfluxDB are not in it; InfluxDB has a backup of its own.\n\n"
    "\b\n"
    "Example:\n"
    "  messnetz backup /backup/messnetz-2026-03-10.tar.gz": (
        "Einstellungen, Geheimnisse, Register, Spool, Archiv und die eingebaute Datenbank in eine Datei"
        " schreiben.\n\n"
        "Der Dienst darf dabei laufen. Die Datei enthält Passwörter und Tokens: Nur wem sie gehört, darf sie"
        " lesen. Zeitreihen in einer InfluxDB sind nicht darin; InfluxDB hat eine eigene Sicherung.\n\n"
        "\b\n"
        "Beispiel:\n"
        "  messnetz backup /backup/messnetz-2026-03-10.tar.gz"
    ),
    "Put a backup in place, on this or another machine, while no service runs.\n\n"
    "The folder of the settings file and the state folder must be empty: nothing is overwritten. What the"
    " service acknowledged after the backup is missing then. Stop the old service first: two services with"
    " one client_id push each other off the broker.\n\n"
    "\b\n"
    "Example:\n"
    "  messnetz restore /backup/messnetz-2026-03-10.tar.gz -c config/messnetz.yaml": (
        "Eine Sicherung zurückspielen, auf dieser oder einer anderen Maschine, während kein Dienst läuft.\n\n"
        "Der Ordner der Einstellungen und der Zustandsordner müssen leer sein: Nichts wird überschrieben."
        " Was der Dienst nach der Sicherung bestätigt hat, fehlt dann. Zuerst den alten Dienst anhalten: Zwei"
        " Dienste mit einer client_id verdrängen einander am Broker.\n\n"
        "\b\n"
        "Beispiel:\n"
        "  messnetz restore /backup/messnetz-2026-03-10.tar.gz -c config/messnetz.yaml"
    ),
    "The backup to write, as day.tar.gz.": "Die Sicherung, die entsteht, etwa tag.tar.gz.",
    "The backup.": "Die Sicherung.",
    "backing up": "sichert",
    "restoring": "spielt zurück",
    "{file}: {config} files of configuration and {state} of state, {size} MB, as of {time}": (
        "{file}: {config} Dateien der Konfiguration und {state} des Zustands, {size} MB, Stand {time}"
    ),
    "It holds passwords and tokens: keep it where nobody else reads it.": (
        "Sie enthält Passwörter und Tokens: dort aufbewahren, wo sonst niemand liest."
    ),
    "The time series are not in it: back up InfluxDB by its own command.": (
        "Die Zeitreihen sind nicht darin: InfluxDB mit ihrem eigenen Befehl sichern."
    ),
    "Left out: {names}": "Nicht darin: {names}",
    "restored: {config} files beside {settings}, {state} in {folder}": (
        "zurückgespielt: {config} Dateien bei {settings}, {state} in {folder}"
    ),
    "What the service acknowledged after {time} is missing; what waits at the broker still comes.": (
        "Was der Dienst nach {time} bestätigt hat, fehlt; was beim Broker wartet, kommt noch."
    ),
    "{file} was there already and is left as it is": "{file} war schon da und bleibt, wie es ist",
    "Next: stop the old service for good, let messnetz check look at the files, then messnetz run.": (
        "Weiter: den alten Dienst endgültig anhalten, mit messnetz check prüfen, dann messnetz run."
    ),
    "no backup was written: {error}": "es wurde keine Sicherung geschrieben: {error}",
    "is there room, and may this user read config and state and write there?": (
        "ist Platz da, und darf dieser Benutzer Konfiguration und Zustand lesen und dort schreiben?"
    ),
    "give the new backup another name, with the day in it for example": (
        "der neuen Sicherung einen anderen Namen geben, etwa mit dem Tag darin"
    ),
    "{file} would lie in {folder}, which goes into the backup": (
        "{file} läge in {folder}, und das gehört zur Sicherung"
    ),
    "name a place outside, best on another disk": (
        "einen Ort außerhalb nennen, am besten auf einer anderen Platte"
    ),
    "{folder} holds {files} files of {size} MB: more than settings": (
        "{folder} enthält {files} Dateien mit {size} MB: mehr als Einstellungen"
    ),
    "move messnetz.yaml and what it names into a folder of their own": (
        "messnetz.yaml und was darin genannt ist in einen eigenen Ordner legen"
    ),
    "the backup has format {version}, this Messnetz reads formats up to {known}": (
        "die Sicherung hat Format {version}, dieses Messnetz liest Formate bis {known}"
    ),
    "restore it with the newer Messnetz that wrote it": (
        "mit dem neueren Messnetz zurückspielen, das sie geschrieben hat"
    ),
    "it does not begin as a backup of Messnetz does": "sie beginnt nicht wie eine Sicherung von Messnetz",
    "this is no whole backup: {why}": "das ist keine vollständige Sicherung: {why}",
    "nothing was restored; take another backup file": (
        "nichts wurde zurückgespielt; eine andere Sicherung nehmen"
    ),
    "nothing was restored; name the file that messnetz backup wrote": (
        "nichts wurde zurückgespielt; die Datei nennen, die messnetz backup geschrieben hat"
    ),
    "it is no tar file packed by gzip, or it was damaged": (
        "sie ist keine mit gzip gepackte tar-Datei, oder sie ist beschädigt"
    ),
    "{file} {trouble}": "{file} {trouble}",
    "{file}: {trouble}": "{file}: {trouble}",
    "standard output": "Standardausgabe",
    "the backup holds another file {name}": "die Sicherung enthält eine andere Datei {name}",
    "its settings are {name}: name them so with -c": (
        "ihre Einstellungen heißen {name}: sie mit -c auch so nennen"
    ),
    "make room there, then give the same command again": (
        "dort Platz schaffen, dann denselben Befehl noch einmal geben"
    ),
    "this Messnetz does not take the settings in the backup: {words}": (
        "dieses Messnetz nimmt die Einstellungen in der Sicherung nicht an: {words}"
    ),
    "restore it with Messnetz {version}, which wrote it": (
        "mit Messnetz {version} zurückspielen, das sie geschrieben hat"
    ),
    "a restore was interrupted here: not all of its files are in their place": (
        "hier wurde ein Zurückspielen unterbrochen: nicht alle Dateien sind an ihrem Platz"
    ),
    "this goes on where it stopped: {command}": "damit geht es weiter, wo es aufgehört hat: {command}",
    "the restore of another backup, {file}, was interrupted here": (
        "hier wurde das Zurückspielen einer anderen Sicherung unterbrochen: {file}"
    ),
    "first finish that one: {command}": "zuerst jenes zu Ende bringen: {command}",
    "the restore stopped before its end: {error}": "das Zurückspielen blieb vor dem Ende stehen: {error}",
    "when that is put right, this goes on: {command}": (
        "wenn das behoben ist, geht es damit weiter: {command}"
    ),
    "{file} was in its place and is not any more": "{file} war an seinem Platz und ist es nicht mehr",
    "empty both folders, hidden ones too, then restore the backup anew": (
        "beide Ordner leeren, auch von Verstecktem, dann die Sicherung noch einmal zurückspielen"
    ),
    "{file} is in the way: it came here since the restore began": (
        "{file} ist im Weg: es kam hierher, seit das Zurückspielen begann"
    ),
    "move it away, then give the same command again: it goes on where it stopped": (
        "es wegräumen, dann denselben Befehl noch einmal geben: er geht weiter, wo er aufgehört hat"
    ),
    "{file} cannot be read: it says how an interrupted restore goes on": (
        "{file} ist nicht lesbar: darin steht, wie ein unterbrochenes Zurückspielen weitergeht"
    ),
    "let this user read it; if it is damaged, remove {waiting} and what lies in {folder} and in"
    " the state folder, then restore the backup anew": (
        "diesen Benutzer es lesen lassen; ist es beschädigt, {waiting} und alles in {folder} und im"
        " Zustandsordner wegräumen, dann die Sicherung noch einmal zurückspielen"
    ),
    "nothing was restored: {error}": "nichts wurde zurückgespielt: {error}",
    "is there room, and may this user read the backup and write there?": (
        "ist Platz da, und darf dieser Benutzer die Sicherung lesen und dort schreiben?"
    ),
    "{name} has no place in it": "{name} gehört nicht hinein",
    "its end is missing": "ihr Ende fehlt",
    "the settings file is missing": "die Einstellungen fehlen",
    "its checksums cannot be read": "ihre Prüfsummen sind nicht lesbar",
    "{name} is not what was written": "{name} ist nicht, was geschrieben wurde",
    "{name} in the backup has version {version}, this Messnetz knows versions up to {known}": (
        "{name} in der Sicherung hat Version {version}, dieses Messnetz kennt Versionen bis {known}"
    ),
    "{folder} is not empty: {names}": "{folder} ist nicht leer: {names}",
    "a backup is restored into an empty place and overwrites nothing: move what is there away, or"
    " name the settings file elsewhere with -c": (
        "eine Sicherung kommt an einen leeren Ort und überschreibt nichts: wegräumen, was da ist, oder die"
        " Einstellungen mit -c anderswo nennen"
    ),
    "Copy what the embedded store holds to the InfluxDB of the settings.\n\n"
    "First set store: influx and start the service anew, so that what is new goes there. Then copy, beside"
    " the running service. An interrupted copy goes on where it stopped. At the end both sides are counted;"
    " what InfluxDB refuses is listed. Nothing is removed from the embedded store. Exits with 1 if anything"
    " is not in InfluxDB.": (
        "In die InfluxDB der Einstellungen kopieren, was die eingebaute Datenbank enthält.\n\n"
        "Zuerst store: influx einstellen und den Dienst neu starten, damit Neues dorthin geht. Dann kopieren,"
        " neben dem laufenden Dienst. Eine unterbrochene Kopie geht weiter, wo sie aufhörte. Am Ende werden"
        " beide Seiten gezählt; was InfluxDB ablehnt, wird aufgelistet. Aus der eingebauten Datenbank wird"
        " nichts entfernt. Endet mit 1, wenn etwas nicht in InfluxDB ist."
    ),
    "copying, the newest day first": "kopiert, der neueste Tag zuerst",
    "Everything is in InfluxDB. {file} is no longer needed.": (
        "Alles ist in InfluxDB. {file} wird nicht mehr gebraucht."
    ),
    "the settings say store: {store}": "in den Einstellungen steht store: {store}",
    "first set store: influx with a section influx, and start the service anew; else rows that"
    " come meanwhile would be missing": (
        "zuerst store: influx mit einem Abschnitt influx einstellen und den Dienst neu starten; sonst fehlen"
        " Zeilen, die inzwischen kommen"
    ),
    "there is no embedded store at {file}": "unter {file} liegt keine eingebaute Datenbank",
    "is `state` in the settings the folder in which it was?": (
        "ist `state` in den Einstellungen der Ordner, in dem sie lag?"
    ),
    "the running service still writes to the embedded store": (
        "der laufende Dienst schreibt noch in die eingebaute Datenbank"
    ),
    "start it anew, so that it writes to InfluxDB; then copy": (
        "ihn neu starten, damit er in InfluxDB schreibt; dann kopieren"
    ),
    "it is tried again: {why}": "neuer Versuch folgt: {why}",
    "Rows of the embedded store": "Zeilen der eingebauten Datenbank",
    "rows": "Zeilen",
    "refused": "abgelehnt",
    "reason": "Grund",
    "Refused by InfluxDB; they still lie in the embedded store": (
        "Von InfluxDB abgelehnt; sie liegen weiter in der eingebauten Datenbank"
    ),
    "InfluxDB took these and has fewer; does it remove anything? Then copy again": (
        "InfluxDB hat diese angenommen und hat weniger; entfernt dort etwas Daten? Dann noch einmal kopieren"
    ),
    "day (UTC)": "Tag (UTC)",
    "found": "gefunden",
    "name the state folder in which the embedded store was, under `state` in the settings": (
        "unter `state` in den Einstellungen den Ordner nennen, in dem die eingebaute Datenbank lag"
    ),
    "the same command goes on where it stopped": "derselbe Befehl macht dort weiter, wo er aufhörte",
    "the copy stopped: {error}": "die Kopie hielt an: {error}",
    "{first}; then {then}": "{first}; dann: {then}",
    "Print what can still be read of the lines that waited in a damaged spool, as line protocol.\n\n"
    "The service sets a damaged spool aside as spool.db.damaged-<time> and goes on with a new one. What this"
    " prints can be written to InfluxDB; a line that is there already changes nothing. The file is only"
    " read.\n\n"
    "\b\n"
    "Example:\n"
    "  messnetz salvage state/spool.db.damaged-20260310T120000Z > lines.txt": (
        "Ausgeben, was von den wartenden Zeilen eines beschädigten Spools noch lesbar ist, als Line"
        " Protocol.\n\n"
        "Der Dienst legt einen beschädigten Spool als spool.db.damaged-<Zeit> beiseite und macht mit einem"
        " neuen weiter. Die Ausgabe lässt sich in InfluxDB schreiben; eine Zeile, die schon da ist, ändert"
        " nichts. Die Datei wird nur gelesen.\n\n"
        "\b\n"
        "Beispiel:\n"
        "  messnetz salvage state/spool.db.damaged-20260310T120000Z > lines.txt"
    ),
    "The spool that was set aside.": "Der Spool, der beiseite liegt.",
    "if the whole file is noise, its lines are lost; the network server may have them still": (
        "ist die ganze Datei Rauschen, sind ihre Zeilen verloren; vielleicht hat sie der Netzwerkserver noch"
    ),
    "{lines} lines; groups that cannot be read: {rows}": (
        "{lines} Zeilen; Gruppen, die nicht lesbar sind: {rows}"
    ),
}
