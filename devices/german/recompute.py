"""German for `messnetz recompute`."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "Compute what is stored of a device anew, after a wrong calibration, codec, type or unit was mended.\n\n"
    "First mend the file and let messnetz check look at it. The device's uplinks of that time are taken from"
    " the archive and judged under the rules of today; their old rows are removed and the new ones written."
    " It shows before and after, asks, and records who, when and why. The store must be able to remove rows"
    " (InfluxDB 1.8 and 2, the embedded one).\n\n"
    "\b\n"
    "Example:\n"
    "  messnetz recompute --device luft-marktplatz --from 01.03.2026 \\\n"
    '      --to 21.03.2026 --reason "wrong factor"': (
        "Neu berechnen, was von einem Gerät gespeichert ist, nachdem eine falsche Kalibrierung, ein falscher"
        " Codec, Typ oder eine falsche Einheit berichtigt wurde.\n\n"
        "Zuerst die Datei berichtigen und mit messnetz check prüfen. Die Uplinks des Geräts aus dieser Zeit"
        " kommen aus dem Archiv und werden nach den heutigen Regeln bewertet; die alten Zeilen werden"
        " gelöscht und die neuen geschrieben. Der Befehl zeigt vorher und nachher, fragt und hält fest, wer"
        " es wann warum tat. Die Datenbank muss Zeilen löschen können (InfluxDB 1.8 und 2, die"
        " eingebaute).\n\n"
        "\b\n"
        "Beispiel:\n"
        "  messnetz recompute --device luft-marktplatz --from 01.03.2026 \\\n"
        '      --to 21.03.2026 --reason "falscher Faktor"'
    ),
    "From when on, in local time, as 10.03.2026 14:00.": "Ab wann, Ortszeit, wie 10.03.2026 14:00.",
    "Until when; of a date alone the whole day.": "Bis wann; von einem Datum allein der ganze Tag.",
    "Why; it is recorded.": "Warum; es wird festgehalten.",
    "Who; it is recorded. Default: your login.": "Wer; es wird festgehalten. Sonst: der Anmeldename.",
    "Only show what would change.": "Nur zeigen, was sich ändern würde.",
    "Do not ask.": "Nicht fragen.",
    "nothing was changed: this store cannot remove rows ({error})": (
        "nichts wurde geändert: diese Datenbank kann keine Zeilen löschen ({error})"
    ),
    "keep the data in InfluxDB 1.8 or 2 or in the embedded store to correct it later": (
        "wer später korrigieren will, legt die Daten in InfluxDB 1.8 oder 2 oder in der eingebauten Datei ab"
    ),
    "nothing was changed: the store does not answer: {error}": (
        "nichts wurde geändert: die Datenbank antwortet nicht: {error}"
    ),
    "nothing was changed: the archive of uplinks begins on {day} (UTC)": (
        "nichts wurde geändert: das Archiv der Uplinks beginnt am {day} (UTC)"
    ),
    "give a later --from: older rows could be removed, but not computed anew": (
        "ein späteres --from angeben: ältere Zeilen ließen sich löschen, aber nicht neu berechnen"
    ),
    "nothing was changed: the archive of uplinks cannot be read: {error}": (
        "nichts wurde geändert: das Archiv der Uplinks ist nicht lesbar: {error}"
    ),
    "is its disk full or damaged? A damaged day is to be moved away from `archive`": (
        "ist die Platte voll oder beschädigt? Einen beschädigten Tag aus `archive` entfernen"
    ),
    "nothing was changed: Messnetz failed on an uplink ({error})": (
        "nichts wurde geändert: Messnetz ist an einem Uplink gescheitert ({error})"
    ),
    "the store fell silent: {error}": "die Datenbank antwortet nicht mehr: {error}",
    "rows may be removed; the service computes them anew as soon as the store answers, or the"
    " same command does": (
        "vielleicht sind Zeilen gelöscht; der Dienst berechnet sie neu, sobald die Datenbank antwortet, oder"
        " derselbe Befehl"
    ),
    "{count} stored uplinks are not in the archive; rows of these times stay as they are": (
        "{count} gespeicherte Uplinks fehlen im Archiv; Zeilen dieser Zeiten bleiben, wie sie sind"
    ),
    "from": "von",
    "to": "bis",
    "nothing was changed: the store does not take lines now: {error}": (
        "nichts wurde geändert: die Datenbank nimmt jetzt keine Zeilen an: {error}"
    ),
    "there is no device {name}{near}": "es gibt kein Gerät {name}{near}",
    "`messnetz devices list` shows all": "`messnetz devices list` zeigt alle",
    "--to {end} is not after --from {begin}": "--to {end} liegt nicht nach --from {begin}",
    "Replace these rows?": "Diese Zeilen ersetzen?",
    "Why (it is recorded)": "Warum (es wird festgehalten)",
    "done: {before} rows replaced by {after}; recorded in {file}": (
        "fertig: {before} Zeilen durch {after} ersetzt; festgehalten in {file}"
    ),
    "computing ...": "rechnet ...",
    "{device}: {uplinks} archived uplinks, {before} rows now, {after} then, {gone} without successor": (
        "{device}: {uplinks} archivierte Uplinks, jetzt {before} Zeilen, dann {after}, {gone} ohne Ersatz"
    ),
    "field": "Feld",
    "series": "Reihe",
    "before: rows, lowest, mean, highest": "vorher: Zeilen, kleinster, Mittel, größter",
    "before": "vorher",
    "after": "nachher",
    "time": "Zeit",
    "{count} uplinks cannot be read in full under the rules of today": (
        "{count} Uplinks sind nach den heutigen Regeln nicht ganz lesbar"
    ),
    "nothing changes": "nichts ändert sich",
    "The first rows that change": "Die ersten Zeilen, die sich ändern",
}
