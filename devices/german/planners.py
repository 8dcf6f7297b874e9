"""German for the planners' address: its pages, its refusals, its settings."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "partners_login_file needs login_file too: without it the address stays off": (
        "partners_login_file braucht auch login_file: ohne bleibt die Adresse aus"
    ),
    "is no text in UTF-8": "ist kein Text in UTF-8",
    "lacks the name on its first line, or the password on its second": (
        "hat in der ersten Zeile keinen Namen oder in der zweiten kein Passwort"
    ),
    "has a `:` in the name: nobody can log in with that": (
        "hat ein `:` im Namen: damit kann sich niemand anmelden"
    ),
    "planners' login": "Anmeldung für Planende",
    "{file} and {other} hold the same login: it is let in as partners'": (
        "in {file} und {other} steht dieselbe Anmeldung: sie gilt als die der Partner"
    ),
    "give each of them one of its own": "jeder Datei eine eigene geben",
    "write the name into its first line and the password into its second": (
        "den Namen in die erste Zeile schreiben, das Passwort in die zweite"
    ),
    # the page
    "Time series for planning": "Zeitreihen für die Planung",
    "To the content": "Zum Inhalt",
    "Good to know": "Gut zu wissen",
    "The sensors are not official measuring devices, and their values no official measurements.": (
        "Die Sensoren sind keine amtlichen Messgeräte, ihre Werte keine amtlichen Messungen."
    ),
    "Values that failed their test are never in a file; suspect ones are marked.": (
        "Werte, die ihre Prüfung nicht bestanden haben, stehen in keiner Datei; auffällige sind markiert."
    ),
    "Days and months are those of local time; machine-readable files say times in UTC.": (
        "Tage und Monate sind die der Ortszeit; maschinenlesbare Dateien nennen Zeiten in UTC."
    ),
    "Choose what you need. A preview follows, with the size of the file and an address under which it can"
    " be had again and again.": (
        "Auswählen, was gebraucht wird. Darauf folgen eine Vorschau, die Größe der Datei und eine Adresse,"
        " unter der sie immer wieder abrufbar ist."
    ),
    # the form
    "Choose": "Auswahl",
    "Tick quantities. None ticked: all that are measured there.": (
        "Messgrößen ankreuzen. Nichts angekreuzt: alle, die dort gemessen werden."
    ),
    "Where": "Wo",
    "None ticked: all. What is chosen in several of these groups must fit together.": (
        "Nichts angekreuzt: alle. Was in mehreren dieser Gruppen gewählt ist, muss zusammenpassen."
    ),
    "Another site": "Weiterer Standort",
    "Another district": "Weiterer Stadtteil",
    "Another municipality": "Weitere Kommune",
    "Label": "Merkmal",
    "Of the registry, as inventar=20931, or inventar for any value of it.": (
        "Aus dem Verzeichnis der Geräte, wie inventar=20931, oder inventar für jeden Wert davon."
    ),
    "When": "Wann",
    "from … to, as below": "von … bis, wie unten",
    "the last {count} {units}": "die letzten {count} {units}",
    "the last {length}": "die letzten {length}",
    "hours": "Stunden",
    "days": "Tage",
    "weeks": "Wochen",
    "months, as a whole": "Monate, als Ganzes",
    "years, as a whole": "Jahre, als Ganzes",
    "last month, as a whole": "letzter Monat, als Ganzes",
    "last year, as a whole": "letztes Jahr, als Ganzes",
    "to, including that day": "bis einschließlich",
    "Dates, where there are any, count instead of the period above.": (
        "Ist hier ein Datum eingetragen, gilt es statt des Zeitraums darüber."
    ),
    "How": "Wie",
    "Profiles": "Ganglinien",
    "Figures for the whole time": "Kennzahlen für die ganze Zeit",
    "figures of traffic: mean daily volume, share of heavy vehicles …": (
        "Kennzahlen des Verkehrs: mittlere Tagesmenge, Schwerverkehrsanteil …"
    ),
    "figures of parking: occupancy, turnover, mean stay …": (
        "Kennzahlen des Parkens: Auslastung, Umschlag, mittlere Parkdauer …"
    ),
    "Summary of each window": "Zusammenfassung je Zeitfenster",
    "the right one for each quantity": "für jede Messgröße das Richtige",
    "mean": "Mittelwert",
    "lowest value": "kleinster Wert",
    "highest value": "größter Wert",
    "sum": "Summe",
    "energy mean (sound levels)": "energetischer Mittelwert (Schallpegel)",
    "mean on the circle (wind direction)": "Mittelwert auf dem Kreis (Windrichtung)",
    "share of time (occupancy)": "Zeitanteil (Belegung)",
    "last value": "letzter Wert",
    "Leave out suspect values": "Auffällige Werte weglassen",
    "Format": "Format",
    "Excel workbook": "Excel-Arbeitsmappe",
    "with a chart and a sheet of sources and quality": "mit Diagramm und einem Blatt zu Quellen und Qualität",
    "CSV for German Excel": "CSV für deutsches Excel",
    "opens by double click: semicolon, decimal comma": "öffnet sich per Doppelklick: Semikolon, Dezimalkomma",
    "CSV for programs": "CSV für Programme",
    "for R and Python: comma, decimal point, times in UTC": (
        "für R und Python: Komma, Dezimalpunkt, Zeiten in UTC"
    ),
    "Parquet": "Parquet",
    "for large amounts in R and Python": "für große Mengen in R und Python",
    "GeoJSON": "GeoJSON",
    "for QGIS, also by its address": "für QGIS, auch über die Adresse",
    "GeoPackage": "GeoPackage",
    "for QGIS: sites as a layer, values as a table": "für QGIS: Standorte als Layer, Werte als Tabelle",
    "NDJSON": "NDJSON",
    "a JSON object a line, for programs": "ein JSON-Objekt je Zeile, für Programme",
    "Shape of the table": "Form der Tabelle",
    "as it is usual for the file": "wie es für die Datei üblich ist",
    "wide: a row a time, a column a series": "breit: eine Zeile je Zeit, eine Spalte je Zeitreihe",
    "long: a row a value": "lang: eine Zeile je Wert",
    "For whom it is": "Für wen es ist",
    "Places whose data this audience must not have are left out.": (
        "Messstellen, deren Daten dieser Kreis nicht haben darf, werden weggelassen."
    ),
    "Show preview": "Vorschau zeigen",
    "Start anew": "Neu beginnen",
    "Wrong: {what}": "Falsch: {what}",
    # the preview
    "Preview of the export": "Vorschau des Exports",
    "Your export": "Der Export",
    "{what}; {where}; {when}; {how}; {whom}.": "{what}; {where}; {when}; {how}; {whom}.",
    "{what}; {where}; {when}; {whom}.": "{what}; {where}; {when}; {whom}.",
    "all quantities": "alle Messgrößen",
    "all sites": "alle Standorte",
    "from {begin} to {end}": "von {begin} bis {end}",
    "from {begin} on": "ab {begin}",
    "up to {end}": "bis {end}",
    "all the time": "die ganze Zeit",
    "That is more than the {size} that a file may have: ask for less.": (
        "Das ist mehr als die {size}, die eine Datei haben darf: weniger verlangen."
    ),
    "Rows: {rows}. Where it was looked at, there is no value.": (
        "Zeilen: {rows}. An den Stellen, die angesehen wurden, steht kein Wert."
    ),
    "Rows: {rows}. Values: {values}. Series: {series}.": (
        "Zeilen: {rows}. Werte: {values}. Zeitreihen: {series}."
    ),
    "Counts and sizes are estimated from parts of the time.": (
        "Anzahlen und Größen sind aus Teilen der Zeit geschätzt."
    ),
    "Download {format} (about {size})": "{format} herunterladen (etwa {size})",
    "about {size}": "etwa {size}",
    "Description (data package, JSON)": "Beschreibung (Data Package, JSON)",
    "File and description in one (ZIP)": "Datei und Beschreibung zusammen (ZIP)",
    "Other formats": "Andere Formate",
    "Preview": "Vorschau",
    "The first {count} of {rows} rows": "Die ersten {count} von {rows} Zeilen",
    "{count} more columns are in the file.": "{count} weitere Spalten stehen in der Datei.",
    "{title}: lowest {low}, highest {high}.": "{title}: kleinster Wert {low}, größter {high}.",
    "The chart as a table ({told} of {times} times)": "Das Diagramm als Tabelle ({told} von {times} Zeiten)",
    "Table: {title}": "Tabelle: {title}",
    "{count} more series are in the file and not in these charts.": (
        "{count} weitere Zeitreihen stehen in der Datei, aber nicht in diesen Diagrammen."
    ),
    # how to use it
    "Address": "Adresse",
    "Address of this file": "Adresse dieser Datei",
    "Whoever opens it needs the login of this page.": ("Wer sie öffnet, braucht die Anmeldung dieser Seite."),
    "It gives the newest data each time: its period ({period}) moves along.": (
        "Sie gibt jedes Mal die neuesten Daten: Der Zeitraum ({period}) wandert mit."
    ),
    "Excel: data from the web": "Excel: Daten aus dem Web",
    "Choose Data, Get Data, From Other Sources, From Web (Daten aus dem Web).": (
        "Daten, Daten abrufen, Aus anderen Quellen, Aus dem Web wählen."
    ),
    "Paste this address.": "Diese Adresse einfügen.",
    "When asked for the login choose Basic, and enter name and password of this page.": (
        "Bei der Frage nach der Anmeldung „Standard“ wählen, Name und Passwort dieser Seite eintragen."
    ),
    "Choose the table and load it. Refresh All fetches the newest data.": (
        "Die Tabelle auswählen und laden. „Alle aktualisieren“ holt später die neuesten Daten."
    ),
    "Address for Excel": "Adresse für Excel",
    "R": "R",
    "Put name and password into the address, as NAME and PASSWORD stand here.": (
        "Name und Passwort in die Adresse setzen, wo hier NAME und PASSWORD stehen."
    ),
    "Lines for R": "Zeilen für R",
    "QGIS": "QGIS",
    "Choose Layer, Add Layer, Add Vector Layer; as source type Protocol: HTTP(S), cloud, etc.": (
        "Layer, Layer hinzufügen, Vektorlayer hinzufügen wählen; als Quelltyp Protokoll: HTTP(S), Cloud usw."
    ),
    "Paste this address as URI.": "Diese Adresse als URI einfügen.",
    "Under Authentication choose Basic, and enter name and password of this page.": (
        "Unter Authentifizierung „Basic“ wählen, Name und Passwort dieser Seite eintragen."
    ),
    "Address for QGIS": "Adresse für QGIS",
    "Command line": "Kommandozeile",
    "curl asks for the password.": "curl fragt nach dem Passwort.",
    "Line for curl": "Zeile für curl",
    # what goes wrong
    "Wrong entry": "Falsche Eingabe",
    "That does not work": "So geht es nicht",
    "What to do: {hint}.": "Was zu tun ist: {hint}.",
    "To the field": "Zum Feld",
    "To the form": "Zum Formular",
    "Back to the form": "Zurück zum Formular",
    "No file": "Keine Datei",
    "there is nothing at this address": "unter dieser Adresse gibt es nichts",
    "begin with the form": "mit dem Formular beginnen",
    "there is no package of this kind": "ein Paket (package) dieser Art gibt es nicht",
    "audience internal is not for this login": "mit dieser Anmeldung gibt es audience internal nicht",
    "leave it out, or ask with audience=partners": "weglassen oder audience=partners angeben",
    "too many exports are being made at this moment": "im Augenblick werden zu viele Exporte erstellt",
    "too many files are being downloaded at this moment": (
        "im Augenblick werden zu viele Dateien heruntergeladen"
    ),
    "try again in a minute": "in einer Minute noch einmal versuchen",
    "try again in a few minutes": "in einigen Minuten noch einmal versuchen",
    "this takes longer than the {minutes} minutes that an export may take": (
        "das dauert länger als die {minutes} Minuten, die ein Export dauern darf"
    ),
    "this becomes larger than the {size} MB that an export may have": (
        "das wird größer als die {size} MB, die ein Export haben darf"
    ),
    "ask for less at once: a shorter time, fewer sites, or windows (every=1h) instead of raw": (
        "weniger auf einmal abrufen: eine kürzere Zeit, weniger Standorte oder Fenster (every=1h) statt"
        " Einzelwerten"
    ),
    "the disk of the server has no room for exports now": (
        "auf der Festplatte des Servers ist gerade kein Platz für Exporte"
    ),
    "tell those who run Messnetz; it needs that room for the readings that come in": (
        "es denen sagen, die Messnetz betreiben; es braucht den Platz für ankommende Messwerte"
    ),
    "the process that made this ended in the middle of it, maybe for want of memory": (
        "der Prozess, der das erstellt, endete mittendrin, vielleicht aus Mangel an Arbeitsspeicher"
    ),
    "ask for less at once, or ask those who run Messnetz: its log tells more": (
        "weniger auf einmal abrufen oder die fragen, die Messnetz betreiben: im Log steht mehr"
    ),
    "the export could not be written: {trouble}": "der Export ließ sich nicht schreiben: {trouble}",
    "those who run Messnetz find more in its log": "wer Messnetz betreibt, findet mehr im Log",
}
