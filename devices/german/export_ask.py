"""German for what is asked of an export, and what is wrong with it."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "{names} and {count} more": "{names} und {count} weitere",
    "allowed: {names}": "erlaubt: {names}",
    "there are: {names}": "es gibt: {names}",
    "at most {count} are read": "höchstens {count} werden gelesen",
    "at most {count} characters are read": "höchstens {count} Zeichen werden gelesen",
    "there are {count} parameters: too many": "{count} Parameter sind zu viele",
    "{key} {value} is too long": "{key} {value} ist zu lang",
    "{key} {value}: has signs in it that cannot be seen": "{key} {value}: enthält unsichtbare Zeichen",
    "write it anew, without line breaks and tabs": "neu schreiben, ohne Zeilenumbrüche und Tabulatoren",
    "{key} stands twice: {one} and {other}": "{key} steht zweimal da: {one} und {other}",
    "give it once": "nur einmal angeben",
    "there is no parameter {key}{near}": "den Parameter {key} gibt es nicht{near}",
    "{key} {value} is not known{near}": "{key} {value} ist nicht bekannt{near}",
    "aggregate {asked} is not known{near}": "aggregate {asked} ist nicht bekannt{near}",
    "aggregate {asked} makes no sense for {quantity}: {why}": (
        "aggregate {asked} ist für {quantity} sinnlos: {why}"
    ),
    "allowed for {quantity}: {allowed}; auto takes the right one for each quantity": (
        "erlaubt für {quantity}: {allowed}; auto nimmt für jede Messgröße das Richtige"
    ),
    "aggregate {asked} makes no sense for {quantity}, which is measured there, too": (
        "aggregate {asked} ist für {quantity} sinnlos, was dort auch gemessen wird"
    ),
    "name the quantities that it fits: {names}": "die Messgrößen nennen, zu denen es passt: {names}",
    "values of a moment do not add up, their mean stands for the time": (
        "Momentanwerte summiert man nicht, ihr Mittel steht für die Zeit (mean)"
    ),
    "levels in decibels are averaged by their energy (energy_mean)": (
        "Pegel in Dezibel werden energetisch gemittelt (energy_mean)"
    ),
    "directions are averaged on the circle (circular_mean): 350° and 10° make 0°, not 180°": (
        "Richtungen werden auf dem Kreis gemittelt (circular_mean): 350° und 10° ergeben 0°, nicht 180°"
    ),
    "it is the highest value itself (max)": "es ist selbst schon der höchste Wert (max)",
    "it is counted, and counts add up (sum)": "es wird gezählt, und Gezähltes summiert man (sum)",
    "it is a state that holds until the next one, weighted by its time (time_weighted)": (
        "es ist ein Zustand, der bis zum nächsten gilt und nach seiner Dauer zählt (time_weighted)"
    ),
    "it is a level that is read, the last one counts (last)": (
        "es ist ein abgelesener Stand, der letzte zählt (last)"
    ),
    "last and from (or to) exclude each other": "last und from (oder to) schließen einander aus",
    "leave one of them out": "eines davon weglassen",
    "figures are for the whole time: every {every} does not go with them": (
        "Kennzahlen gelten für die ganze Zeit: every {every} passt nicht dazu"
    ),
    "leave out every, or figures": "every weglassen oder figures",
    "figures are made of all that is measured for them": (
        "Kennzahlen entstehen aus allem, was für sie gemessen wird"
    ),
    "leave out quantity, or figures": "quantity weglassen oder figures",
    "figures have a row each: shape wide does not go with them": (
        "Kennzahlen haben je eine Zeile: shape wide passt nicht dazu"
    ),
    "leave out shape": "shape weglassen",
    "aggregate {asked} needs windows, and none were asked for": (
        "aggregate {asked} braucht Zeitfenster, und es sind keine verlangt"
    ),
    "give every, as every 1h, or leave out aggregate": (
        "every angeben, wie every 1h, oder aggregate weglassen"
    ),
    "{quantity} is computed of windows, and none were asked for": (
        "{quantity} wird aus Zeitfenstern berechnet, und es sind keine verlangt"
    ),
    "give every, as every 1h": "every angeben, wie every 1h",
    "{format} has a row a value: shape wide does not go with it": (
        "{format} hat eine Zeile je Wert: shape wide passt nicht dazu"
    ),
    "leave out shape, or take another format, as xlsx or csv": (
        "shape weglassen oder ein anderes Format nehmen, wie xlsx oder csv"
    ),
    "no place is registered": "es ist keine Messstelle registriert",
    "register one with messnetz devices add": "eine mit messnetz devices add registrieren",
    "no place fits all of it: {filters}": "keine Messstelle passt zu allem davon: {filters}",
    "each of these exists, but not at one place: leave one out": (
        "jedes davon gibt es, aber nicht zusammen an einer Messstelle: eines weglassen"
    ),
    "the site {said} is unknown{near}": "der Standort {said} ist unbekannt{near}",
    "the place {said} is unknown{near}": "die Messstelle {said} ist unbekannt{near}",
    "the municipality {said} is unknown{near}": "die Kommune {said} ist unbekannt{near}",
    "the district {said} is unknown{near}": "der Stadtteil {said} ist unbekannt{near}",
    "the label {said} is unknown{near}": "das Merkmal {said} ist unbekannt{near}",
    "the quantity {said} is unknown{near}": "die Messgröße {said} ist unbekannt{near}",
    "site {names}": "Standort {names}",
    "place {names}": "Messstelle {names}",
    "municipality {names}": "Kommune {names}",
    "district {names}": "Stadtteil {names}",
    "label {names}": "Merkmal {names}",
    "no place has any: leave it out": "keine Messstelle hat so etwas: weglassen",
    "none of these places is released {audience}": "keine dieser Messstellen ist {audience} freigegeben",
    "their device file must say publish: {needed} first": (
        "in ihrer Gerätedatei muss erst publish: {needed} stehen"
    ),
    "single parking bays are never open": "einzelne Stellplätze sind nie offen",
    "give every, as every 1h: that has the car parks": (
        "every angeben, wie every 1h: das enthält die Parkplätze"
    ),
    "{quantity} is not measured at these places{near}": (
        "{quantity} wird an diesen Messstellen nicht gemessen{near}"
    ),
    "none of these places counts traffic": "keine dieser Messstellen zählt Verkehr",
    "none of these places watches parking": "keine dieser Messstellen beobachtet das Parken",
    "nothing that can be exported is measured at these places": (
        "an diesen Messstellen wird nichts gemessen, was sich exportieren lässt"
    ),
    "measured there: {names}": "dort gemessen: {names}",
    "choose other places": "andere Messstellen wählen",
    "these places lie in several time zones: {names}": (
        "diese Messstellen liegen in mehreren Zeitzonen: {names}"
    ),
    "export one municipality at a time": "eine Kommune nach der anderen exportieren",
    "no window of {step} is over in that time": (
        "in dieser Zeit ist kein Zeitfenster von {step} zu Ende gegangen"
    ),
    "figures rest on whole days, and none is over in that time": (
        "Kennzahlen beruhen auf ganzen Tagen, und in dieser Zeit ist keiner vorbei"
    ),
    "ask for an earlier time": "eine frühere Zeit verlangen",
    "ask for an earlier time, or for shorter windows": "eine frühere Zeit oder kürzere Zeitfenster verlangen",
    "last {text} is no length of time": "last {text} ist keine Zeitdauer",
    "write a whole number and h, d, w, mo or y, as 24h, 30d, 4w, 1mo, 1y": (
        "eine ganze Zahl und h, d, w, mo oder y schreiben, wie 24h, 30d, 4w, 1mo, 1y"
    ),
    "no time was asked for: from is missing": "es ist keine Zeit verlangt: from fehlt",
    "give from (and to), as from 2026-01-01 to 2026-01-31, or last, as last 30d": (
        "from (und to) angeben, wie from 2026-01-01 to 2026-01-31, oder last, wie last 30d"
    ),
    "a date in to belongs to it: for one day give it twice": (
        "ein Datum in to gehört dazu: für einen einzelnen Tag beide Male denselben angeben"
    ),
    "from {begin} is still to come": "from {begin} liegt in der Zukunft",
    "ask for a time that has begun; it is {now} now": (
        "eine Zeit verlangen, die begonnen hat; jetzt ist {now}"
    ),
    "{name} {text} is no date and no time": "{name} {text} ist weder Datum noch Zeit",
    "write it as 2026-01-31 or 2026-01-31 06:00, in local time": (
        "so schreiben: 2026-01-31 oder 2026-01-31 06:00, in Ortszeit"
    ),
    "{name} {text}: there is no such time, the clocks go forward then": (
        "{name} {text}: diese Zeit gibt es nicht, da wird die Uhr vorgestellt"
    ),
    "give a time before or after that hour": "eine Zeit vor oder nach dieser Stunde angeben",
    "{name} {text}: there are two such times, the clocks go back then": (
        "{name} {text}: diese Zeit gibt es zweimal, da wird die Uhr zurückgestellt"
    ),
    "write {first} or {second}": "{first} oder {second} schreiben",
    "{name} {text} lies too far away": "{name} {text} liegt zu weit weg",
    "allowed are days from {first} to {last}": "erlaubt sind Tage vom {first} bis zum {last}",
    "{file} ends as {other}, and {format} was asked for": "{file} endet wie {other}, verlangt ist {format}",
    "let it end with {ending}, or leave out format": "mit {ending} enden lassen oder format weglassen",
    "an export becomes a file, with another one beside it: it does not go to standard output": (
        "ein Export wird eine Datei, mit einer zweiten daneben: er geht nicht auf die Standardausgabe"
    ),
    "{file}: its ending names no format": "{file}: die Endung nennt kein Format",
    "let it end with one of {endings}, or give format": (
        "mit einem von {endings} enden lassen, oder format angeben"
    ),
    "Write time series into a file that opens right in Excel, QGIS, R and Python.\n\n"
    "Choose places, a time and what becomes of the values; options for places and quantities may be given"
    " more than once, and left out they mean all. Beside the file comes a data package: units, sources,"
    " quality, licence. No file has its final name before it is whole. Times are local, also where the clocks"
    " change.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz export --site Marktplatz --last 30d --out marktplatz.xlsx\n"
    "  messnetz export --quantity pm2_5 --quantity pm10 --last 1mo --every 1h \\\n"
    "      --out luft.de.csv\n"
    "  messnetz export --label inventar=20931 --from 2026-01-01 --to 2026-03-31 \\\n"
    "      --every 1d --out standort.gpkg\n"
    "  messnetz export --district Innenstadt --last 1y --every hour-of-week \\\n"
    "      --quantity count --out wochengang.csv\n"
    "  messnetz export --figures traffic --from 2026-01-01 --to 2026-12-31 \\\n"
    "      --lang en --out traffic.csv": (
        "Zeitreihen in eine Datei schreiben, die sich in Excel, QGIS, R und Python richtig öffnet.\n\n"
        "Messstellen, eine Zeit und die Art der Werte wählen; die Optionen für Messstellen und Messgrößen"
        " dürfen mehrmals stehen, weggelassen bedeuten sie alle. Neben der Datei liegt danach ein Datenpaket:"
        " Einheiten, Quellen, Qualität, Lizenz. Keine Datei trägt ihren endgültigen Namen, bevor sie ganz"
        " ist. Zeiten sind Ortszeit, auch wo die Uhr umgestellt wird.\n\n"
        "\b\n"
        "Beispiele:\n"
        "  messnetz export --site Marktplatz --last 30d --out marktplatz.xlsx\n"
        "  messnetz export --quantity pm2_5 --quantity pm10 --last 1mo --every 1h \\\n"
        "      --out luft.de.csv\n"
        "  messnetz export --label inventar=20931 --from 2026-01-01 --to 2026-03-31 \\\n"
        "      --every 1d --out standort.gpkg\n"
        "  messnetz export --district Innenstadt --last 1y --every hour-of-week \\\n"
        "      --quantity count --out wochengang.csv\n"
        "  messnetz export --figures traffic --from 2026-01-01 --to 2026-12-31 \\\n"
        "      --lang en --out verkehr.csv"
    ),
    "Which places": "Welche Messstellen",
    "Which time": "Welche Zeit",
    "What": "Was",
    "File": "Datei",
    "The file to write; its ending names the format: .csv, .de.csv, .xlsx, .parquet, .geojson,"
    " .gpkg, .ndjson. Of a folder: a file in it, named after what is asked for. Default: the"
    " current folder.": (
        "Die Datei; ihre Endung nennt das Format: .csv, .de.csv, .xlsx, .parquet, .geojson, .gpkg, .ndjson."
        " Ein Ordner: eine Datei darin, benannt nach dem, was verlangt ist. Standard: der aktuelle Ordner."
    ),
    "exporting": "Export",
    "{file}, described in {package}": "{file}, beschrieben in {package}",
    "rows: {rows}, values: {values}, series: {series}": (
        "Zeilen: {rows}, Werte: {values}, Zeitreihen: {series}"
    ),
    "time: {begin} to {end} ({timezone})": "Zeit: {begin} bis {end} ({timezone})",
    "newest value: {time}": "Datenstand: {time}",
    "note: {note}": "Hinweis: {note}",
}
