"""German for what is wrong with the registry's files, as files and as YAML."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "{place}: {device}: {message}": "{place}: {device}: {message}",
    "{place}: {message}": "{place}: {message}",
    "{at}: {what}": "{at}: {what}",
    "{one}; {other}": "{one}; {other}",
    " (did you mean {word}?)": " (ist {word} gemeint?)",
    "… and {count} more: messnetz check shows them": "… und {count} weitere: messnetz check zeigt sie",
    # files
    "is not there": "gibt es nicht",
    "must not be opened by this user: let the user that runs Messnetz read it": (
        "darf dieser Benutzer nicht öffnen: dem Benutzer, unter dem Messnetz läuft, das Lesen erlauben"
    ),
    "is a folder, or lies below a file": "ist ein Ordner, oder liegt unter einer Datei",
    "this user may not write there": "dieser Benutzer darf dort nicht schreiben",
    "the disk is full": "die Platte ist voll",
    "a file lies where its folder would be": "wo ihr Ordner wäre, liegt eine Datei",
    "it is a folder": "es ist ein Ordner",
    "its folder is not there": "den Ordner gibt es nicht",
    "error {number} of the system": "Fehler {number} des Systems",
    "cannot be read (error {number} of the system)": "lässt sich nicht lesen (Fehler {number} des Systems)",
    "make the folder, or name another under `devices` in messnetz.yaml": (
        "den Ordner anlegen oder unter `devices` in messnetz.yaml einen anderen nennen"
    ),
    "is not read: name it *.yaml": "wird nicht gelesen: in *.yaml umbenennen",
    "is not in UTF-8: save it again with the encoding UTF-8": (
        "ist nicht in UTF-8: mit der Kodierung UTF-8 neu speichern"
    ),
    # YAML
    "is nested too deeply": "ist zu tief verschachtelt",
    "the line --- ends the file to YAML: take it out": (
        "die Zeile --- beendet für YAML die Datei: herausnehmen"
    ),
    "a text must not begin with !, and a key must be a word: write them in quotes": (
        "ein Text darf nicht mit ! beginnen, ein Schlüssel muss ein Wort sein: in Anführungszeichen setzen"
    ),
    "is a number to YAML: write it in quotes": "ist für YAML eine Zahl: in Anführungszeichen setzen",
    "YAML cannot read this: see that blanks, colons, quotes and brackets are as in the sample": (
        "YAML kann das nicht lesen: Leerzeichen, Doppelpunkte, Anführungszeichen und Klammern mit dem Muster"
        " vergleichen"
    ),
    "a tab stands at the begin of the line: write blanks": (
        "am Anfang der Zeile steht ein Tabulator: Leerzeichen schreiben"
    ),
    "a text must not begin with {sign}: write it in quotes": (
        "ein Text darf nicht mit {sign} beginnen: in Anführungszeichen setzen"
    ),
    "a list begins on a line of its own: write - below the key": (
        "eine Liste beginnt in einer eigenen Zeile: das - unter den Schlüssel schreiben"
    ),
    "a blank is missing behind the colon: write {key}: {value}": (
        "nach dem Doppelpunkt fehlt ein Leerzeichen: {key}: {value} schreiben"
    ),
    "this line begins neither below the one above nor below its key: indent it like those": (
        "diese Zeile beginnt weder unter der darüber noch unter ihrem Schlüssel: ebenso weit einrücken"
    ),
    "text stands behind the closing quotation mark: put all of it between the two": (
        "hinter dem schließenden Anführungszeichen steht noch Text: alles zwischen die beiden setzen"
    ),
    "\\ has a meaning of its own between two \": write the text between two '": (
        "\\ bedeutet zwischen zwei \" etwas anderes: den Text zwischen zwei ' setzen"
    ),
    "a quotation mark is not closed": "ein Anführungszeichen ist nicht geschlossen",
    "{begin} is not closed: {end} is missing": "{begin} ist nicht geschlossen: {end} fehlt",
    "{end} is one too many, or {begin} is missing": "ein {end} ist zu viel, oder {begin} fehlt",
    "a comma is missing or one too many between these brackets": (
        "zwischen diesen Klammern fehlt ein Komma oder ist eines zu viel"
    ),
    "a colon is missing: write {key}: and the value behind it": (
        "ein Doppelpunkt fehlt: {key}: schreiben und dahinter den Wert"
    ),
    "two colons stand in this line: put the text into quotes, or begin a new line": (
        "in dieser Zeile stehen zwei Doppelpunkte: den Text in Anführungszeichen setzen oder eine neue Zeile"
        " beginnen"
    ),
    "this line begins further right than the one above: let it begin below it": (
        "diese Zeile beginnt weiter rechts als die darüber: genau darunter beginnen lassen"
    ),
    # device files
    "is no device file: write `municipality:` and `devices:` into it": (
        "ist keine Gerätedatei: `municipality:` und `devices:` hineinschreiben"
    ),
    "has no list `devices:` with one entry (- id: …) a place": (
        "hat keine Liste `devices:` mit einem Eintrag (- id: …) je Ort"
    ),
    "{count} entries have this id: give each place its own": (
        "{count} Einträge haben diese id: jedem Ort eine eigene geben"
    ),
    "{address} is also at {device} ({place}) at the same time: end one installation with until": (
        "{address} ist zur selben Zeit auch bei {device} ({place}): eine der beiden mit until beenden"
    ),
    "not registered": "nicht registriert",
    "{device}: before its installation on {day}": "{device}: vor der Montage am {day}",
    "{device}: after its removal on {day}": "{device}: nach dem Abbau am {day}",
    "{name} is no time zone: write one of the tz database, as Europe/Berlin": (
        "{name} ist keine Zeitzone: eine der tz-Datenbank schreiben, wie Europe/Berlin"
    ),
    "factor 0 makes every value the offset: write the factor that was measured, or leave it out": (
        "mit factor 0 ist jeder Wert gleich offset: den gemessenen Faktor schreiben oder ihn weglassen"
    ),
    "dev_eui and address exclude each other: write the one that it has": (
        "dev_eui und address schließen sich aus: das schreiben, was das Gerät hat"
    ),
    "{names} and installations exclude each other: write it into the installation": (
        "{names} und installations schließen sich aus: unter installations schreiben"
    ),
    "dev_eui is missing (or address, for a sensor without LoRaWAN)": (
        "dev_eui fehlt (oder address, bei einem Sensor ohne LoRaWAN)"
    ),
    "type is missing: write the name of a device type": "type fehlt: den Namen eines Gerätetyps schreiben",
    "{one} and {other} hang here at the same time: end one with until": (
        "{one} und {other} hängen hier zur selben Zeit: eines mit until beenden"
    ),
    "until {until} is not after from {begin}": "until {until} liegt nicht nach from {begin}",
    "the file of its device type {name} has a fault at {place}: mend that first": (
        "die Datei seines Gerätetyps {name} hat bei {place} einen Fehler: erst diesen beheben"
    ),
    "{type} does not measure {name}{near}; allowed: {names}": (
        "{type} misst {name} nicht{near}; erlaubt: {names}"
    ),
    "its type has no direction {name}{near}; allowed: {names}": (
        "sein Typ hat keine Richtung {name}{near}; erlaubt: {names}"
    ),
    # what stands in a field
    ". {doc}": ". {doc}",
    "no such key{near}; allowed: {keys}": "diesen Schlüssel gibt es nicht{near}; erlaubt: {keys}",
    "is missing{about}": "fehlt{about}",
    "{given} is not allowed{near}: {words}": "{given} ist nicht erlaubt{near}: {words}",
    "nothing stands there; allowed: {words}": "da steht nichts; erlaubt: {words}",
    "{given} is no whole number": "{given} ist keine ganze Zahl",
    "{given} is too small: at least {limit}": "{given} ist zu klein: mindestens {limit}",
    "{given} is too large: at most {limit}": "{given} ist zu groß: höchstens {limit}",
    "{given} is too small: more than {limit}": "{given} ist zu klein: mehr als {limit}",
    "{given} is too long: at most {limit} characters": "{given} ist zu lang: höchstens {limit} Zeichen",
    "is to be a list, each entry begun with -{about}": (
        "soll eine Liste sein, jeder Eintrag mit - davor{about}"
    ),
    "is empty{about}": "ist leer{about}",
    "{given} is neither true nor false": "{given} ist weder true noch false",
    "nothing stands there{about}": "da steht nichts{about}",
    "{given} is no text{about}": "{given} ist kein Text{about}",
    "{given} has no keys of its own{about}": "{given} hat keine eigenen Schlüssel{about}",
    "{given} has no keys of its own{about} It takes: {keys}": (
        "{given} hat keine eigenen Schlüssel{about} Möglich sind: {keys}"
    ),
    "{given} does not fit{about}": "{given} passt nicht{about}",
    # settings
    "cert_file and key_file go together: name both or neither": (
        "cert_file und key_file gehören zusammen: beide nennen oder keine"
    ),
    "store: influx needs a section `influx` with url and bucket": (
        "store: influx braucht einen Abschnitt `influx` mit url und bucket"
    ),
    "two brokers have one name: give each its own": (
        "zwei Broker heißen gleich: jedem einen eigenen Namen geben"
    ),
    "two entries for one broker have one client_id: they would end each other's session": (
        "zwei Einträge für einen Broker haben dieselbe client_id: sie würden einander trennen"
    ),
    "Name the settings with -c, or let `messnetz init` write a first config/messnetz.yaml.": (
        "Die Einstellungen mit -c nennen, oder `messnetz init` eine erste config/messnetz.yaml schreiben"
        " lassen."
    ),
    "Correct the file, then ask `messnetz check`. Every setting is explained in config/README.md.": (
        "Die Datei berichtigen, dann `messnetz check` fragen. Alle Einstellungen erklärt config/README.md."
    ),
    "{file} is not there: make it, or name the right file": (
        "{file} gibt es nicht: anlegen oder die richtige Datei nennen"
    ),
    "{file} may not be read: let the user that runs Messnetz read it, and check as that user": (
        "{file} darf nicht gelesen werden: dem Benutzer, unter dem Messnetz läuft, das Lesen erlauben und als"
        " dieser prüfen"
    ),
    "{file} {trouble}: name another file": "{file} {trouble}: eine andere Datei nennen",
    "publisher or ags of {municipality} differs in {file}, which counts: make them the same": (
        "publisher oder ags von {municipality} lautet in {file} anders, und das gilt: beide gleich schreiben"
    ),
}
