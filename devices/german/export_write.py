"""German of the heads of exported files, and of what their formats cannot hold."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "Time (UTC)": "Zeit (UTC)",
    "UTC; of an interval or a window its begin": "UTC; bei Intervallen und Zeitfenstern deren Beginn",
    "UTC; the first moment that no longer belongs to the window": (
        "UTC; der erste Moment, der nicht mehr zum Zeitfenster gehört"
    ),
    "End (UTC)": "Ende (UTC)",
    "End (local time)": "Ende (Ortszeit)",
    "Local time": "Ortszeit",
    "Offset from UTC": "UTC-Versatz",
    "Fraction of the second (s)": "Sekundenbruchteil (s)",
    "the part of the time below its second": "der Teil der Zeit unter der vollen Sekunde",
    "the same time on the clock of the place": "dieselbe Zeit auf der Uhr des Ortes",
    "by how much the clock of the place is ahead of UTC": "um so viel geht die Uhr des Ortes vor",
    "on the clock of the place; the first moment that no longer belongs to the window": (
        "auf der Uhr des Ortes; der erste Moment, der nicht mehr zum Zeitfenster gehört"
    ),
    "hour of the local day: 7 is 7:00 to 8:00": "Stunde des Tages in Ortszeit: 7 ist 7 bis 8 Uhr",
    "Weekday no.": "Wochentag Nr.",
    "ISO 8601: 1 is Monday, 7 is Sunday; local days": (
        "ISO 8601: 1 ist Montag, 7 ist Sonntag; Tage der Ortszeit"
    ),
    "Weekday": "Wochentag",
    "Place": "Messstelle",
    "the place's id in the registry, which stays when hardware is changed": (
        "Kennung der Messstelle, die bleibt, wenn das Gerät getauscht wird"
    ),
    "Site name": "Standort",
    "Quantity": "Messgröße",
    "as the catalogue calls it": "wie sie im Katalog heißt",
    "Figure": "Kennzahl",
    "empty where there is none": "leer, wo keiner ist",
    "Incomplete value": "Unvollständiger Wert",
    "what is known of a window that rests on too little": (
        "was von einem Zeitfenster bekannt ist, von dem für einen Wert zu wenig bekannt ist"
    ),
    "Coverage (%)": "Abdeckung (%)",
    "so much of the time is covered by values": "so viel der Zeit ist durch Werte abgedeckt",
    "Unit": "Einheit",
    "Quality": "Qualität",
    "QARTOD's flag values: 1 plausible, 3 suspect": "Kennzeichen nach QARTOD: 1 plausibel, 3 auffällig",
    "Interval (s)": "Intervall (s)",
    "how long was measured, from the time on; empty: a sample": (
        "wie lange gemessen wurde, von der Zeit an; leer: ein Momentanwert"
    ),
    "why a window has no value": "warum ein Zeitfenster keinen Wert hat",
    "With a value": "Mit Wert",
    "so many hours or days went into the value": "so viele Stunden oder Tage gingen in den Wert ein",
    "Looked at": "Betrachtet",
    "so many hours or days are in the time asked for": "so viele Stunden oder Tage hat der gewählte Zeitraum",
    "Days that count": "Gezählte Tage",
    "Of days": "Von Tagen",
    "Formula": "Formel",
    "Note": "Hinweis",
    "why there is no value, or what must be known of it": (
        "warum kein Wert da ist, oder was zu ihm zu sagen ist"
    ),
    "Monday": "Montag",
    "Tuesday": "Dienstag",
    "Wednesday": "Mittwoch",
    "Thursday": "Donnerstag",
    "Friday": "Freitag",
    "Saturday": "Samstag",
    "Sunday": "Sonntag",
    "minimum": "Minimum",
    "maximum": "Maximum",
    "{count} series are too many columns: wide has {most} at most": (
        "{count} Zeitreihen sind zu viele Spalten: wide hat höchstens {most}"
    ),
    "take --shape long, or fewer sites or quantities": (
        "--shape long nehmen, oder weniger Standorte oder Messgrößen"
    ),
    "{rows} rows are too many for Excel: {sheets} sheets hold {most}": (
        "{rows} Zeilen sind zu viele für Excel: {sheets} Blätter fassen {most}"
    ),
    "take --every {window}, a shorter time, or --format parquet": (
        "--every {window} nehmen, eine kürzere Zeit oder --format parquet"
    ),
    "take a shorter time, fewer sites, or --format parquet": (
        "eine kürzere Zeit, weniger Standorte oder --format parquet nehmen"
    ),
    "until {day}": "bis {day}",
    "Chart": "Diagramm",
    "To be known": "Zu beachten",
    "Series": "Zeitreihen",
    "First": "Erster",
    "Last": "Letzter",
    "Suspect": "Auffällig",
    "Failed, left out": "Durchgefallen, weggelassen",
    "Windows without a value": "Zeitfenster ohne Wert",
    "{count} sites": "{count} Standorte",
    "by quarter of an hour": "je Viertelstunde",
    "by hour": "je Stunde",
    "by day": "je Tag",
    "by month": "je Monat",
    "mean by hour of the day": "Mittel je Stunde des Tages",
    "mean by hour of the week": "Mittel je Stunde der Woche",
    "mean by day of the week": "Mittel je Wochentag",
    "Places and their hardware": "Messstellen und ihre Geräte",
    "Installed": "Eingebaut",
    "Removed": "Ausgebaut",
    "Metres above ground": "Meter über Grund",
    "Hardware and calibration": "Gerät und Kalibrierung",
    "Maintenance": "Wartung",
    "Not valid": "Ungültig",
    "Computed anew": "Neu berechnet",
    "Maintenance, times that are not valid, and values computed anew": (
        "Wartung, ungültige Zeiten und neu berechnete Werte"
    ),
    "Newest value": "Datenstand",
    "Made": "Erstellt",
    "Made with": "Erstellt mit",
    "Version of the registry": "Stand der Geräteliste",
    "Publishers and licences": "Herausgeber und Lizenzen",
    "From": "Von",
    "To": "Bis",
    "Done": "Erledigt",
    "Sources and quality": "Quellen und Qualität",
    "Publisher": "Herausgeber",
    "Contact": "Kontakt",
    "Licence": "Lizenz",
    "Municipality's key": "Gemeindeschlüssel",
}
