"""German of what is said of an export beside its values."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "Measurements: {names}": "Messwerte: {names}",
    "Sites": "Standorte",
    "Places": "Messstellen",
    "Quantities": "Messgrößen",
    "Municipalities": "Kommunen",
    "Districts": "Stadtteile",
    "Labels": "Merkmale",
    "Period": "Zeitraum",
    "{begin} to {end}, local time ({zone})": "{begin} bis {end}, Ortszeit ({zone})",
    "Values": "Werte",
    "Function": "Funktion",
    "Suspect values": "Auffällige Werte",
    "left out": "weggelassen",
    "kept and marked": "behalten und markiert",
    "For whom": "Für wen",
    "for internal use": "für den internen Gebrauch",
    "for partners": "für Partner",
    "for everybody": "für alle",
    "every single value": "jeder einzelne Wert",
    "one a quarter of an hour": "ein Wert je Viertelstunde",
    "one an hour": "ein Wert je Stunde",
    "one a day": "ein Wert je Tag",
    "one a month": "ein Wert je Monat",
    "profile by hour of the day": "Ganglinie nach Tagesstunde",
    "profile by hour of the week": "Ganglinie nach Wochenstunde",
    "profile by day of the week": "Ganglinie nach Wochentag",
    "figures of traffic": "Kennzahlen des Verkehrs",
    "figures of parking": "Kennzahlen des Parkens",
    "These are not official measurements: sensors of the municipality, whose values were tested by"
    " programs and verified by nobody. Limit values cannot be judged by such sensors.": (
        "Dies sind keine amtlichen Messwerte: Sie stammen von Sensoren der Kommune, wurden von Programmen"
        " geprüft und von niemandem bestätigt. Grenzwerte lassen sich mit solchen Sensoren nicht beurteilen."
    ),
    "Quality flags have the values of QARTOD, with tests and thresholds of our own: 1 plausible, 3"
    " suspect. Failed values (4) are left out; 2 (not evaluated) and 9 (missing) do not occur, since"
    " every value is tested and a missing one is an empty cell.": (
        "Die Qualitätskennzeichen haben die Werte von QARTOD, mit eigenen Prüfungen und Schwellen: 1"
        " plausibel, 3 auffällig. Durchgefallene Werte (4) sind weggelassen; 2 (nicht geprüft) und 9"
        " (fehlt) kommen nicht vor, denn jeder Wert wird geprüft, und ein fehlender ist eine leere Zelle."
    ),
    "Suspect values are left out, as asked for.": "Auffällige Werte sind weggelassen, wie gewünscht.",
    "Suspect values take part in figures; a figure they went into has the flag 3.": (
        "Auffällige Werte gehen in Kennwerte ein; ein Kennwert aus solchen trägt das Kennzeichen 3."
    ),
    "Times are UTC. Values measured over an interval, as counts and precipitation, stand at its begin.": (
        "Zeiten sind UTC. Über ein Intervall gemessene Werte wie Zählungen und Niederschlag stehen an dessen"
        " Beginn."
    ),
    "Hours and days are those of local time ({zone}).": "Stunden und Tage sind die der Ortszeit ({zone}).",
    "A window stands at its begin, which belongs to it; its end does not. Times are UTC; days and"
    " months are those of local time ({zone}), so that a day may have 23 or 25 hours.": (
        "Ein Zeitfenster steht an seinem Beginn, der dazugehört; sein Ende gehört nicht dazu. Zeiten sind"
        " UTC; Tage und Monate sind die der Ortszeit ({zone}), ein Tag kann also 23 oder 25 Stunden haben."
    ),
    "A mean, a maximum or a share stands for its window when at least 75 % of it are known, as"
    " 39. BImSchV Anlage 11 A asks it of hours and days; we ask the same of windows of every"
    " length, the ordinance 90 % of a year. Sums need 100 %. Otherwise the cell is empty and its"
    " reason is named.": (
        "Ein Mittelwert, ein Maximum oder ein Anteil steht für sein Zeitfenster, wenn mindestens 75 % davon"
        " bekannt sind, wie es die 39. BImSchV in Anlage 11 A für Stunden und Tage verlangt; wir verlangen"
        " es für Zeitfenster jeder Länge, die Verordnung für ein Jahr 90 %. Summen brauchen 100 %. Sonst ist"
        " die Zelle leer und der Grund genannt."
    ),
    "Values are calibrated (factor × value + offset, listed with the hardware) and rounded to the"
    " decimals of their quantity.": (
        "Werte sind kalibriert (Faktor × Wert + Versatz, beim Gerät genannt) und auf die Nachkommastellen"
        " ihrer Messgröße gerundet."
    ),
    "Gases are given at 293 K and 101.3 kPa, particles at ambient conditions (39. BImSchV Anlage 6 C).": (
        "Gase beziehen sich auf 293 K und 101,3 kPa, Partikel auf Umgebungsbedingungen (39. BImSchV"
        " Anlage 6 C)."
    ),
    "Parking has no official definition of occupancy; here it is the time occupied divided by the"
    " time known, over all observed bays. Times in which a bay's state is not known count"
    " neither above nor below the line.": (
        "Für die Auslastung von Parkplätzen gibt es keine amtliche Definition; hier ist sie die belegte Zeit"
        " geteilt durch die bekannte Zeit, über alle beobachteten Stellplätze. Zeiten, in denen der Zustand"
        " eines Stellplatzes unbekannt ist, zählen weder über noch unter dem Bruchstrich."
    ),
    "This export is made {audience}.": "Dieser Export ist {audience} bestimmt.",
    "{count} of {all} places in it are not to be passed on.": (
        "{count} von {all} Messstellen darin sind nicht zur Weitergabe bestimmt."
    ),
    "Source: {name}, licence {licence}; tested and calibrated by Messnetz.": (
        "Quelle: {name}, Lizenz {licence}; durch Messnetz geprüft und kalibriert."
    ),
    "Source: {name}, licence {licence}; tested, calibrated and summarised by Messnetz.": (
        "Quelle: {name}, Lizenz {licence}; durch Messnetz geprüft, kalibriert und zusammengefasst."
    ),
    "For {municipality} no publisher is registered: its data have no licence.": (
        "Für {municipality} ist keine verantwortliche Stelle eingetragen: Die Daten haben keine Lizenz."
    ),
    "plausible: passed all tests": "plausibel: hat alle Prüfungen bestanden",
    "not evaluated: does not occur, every value is tested": (
        "nicht geprüft: kommt nicht vor, jeder Wert wird geprüft"
    ),
    "suspect: unusual, may well be true": "auffällig: ungewöhnlich, kann aber stimmen",
    "failed: left out": "durchgefallen: weggelassen",
    "missing: an empty cell, which has no flag": "fehlt: eine leere Zelle ohne Kennzeichen",
    "a GeoPackage holds {most} columns, and this has {count}": (
        "ein GeoPackage fasst {most} Spalten, dieses hätte {count}"
    ),
    "ask for --shape long, or for fewer series": "mit --shape long oder weniger Zeitreihen exportieren",
}
