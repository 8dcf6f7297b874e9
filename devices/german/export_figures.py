"""Notes on figures of traffic and parking, for planners."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "no day was counted whole": "kein Tag vollständig gezählt",
    "on no day were heavy and other motor vehicles counted whole": (
        "an keinem Tag Schwerverkehr und übrige Kfz vollständig gezählt"
    ),
    "no motor vehicle was counted": "kein Kfz gezählt",
    "some hour of the day was never counted whole, and it may be the busiest": (
        "eine Stunde des Tages ist nie vollständig gezählt; sie könnte die stärkste sein"
    ),
    "some hour of the week was never counted whole": "eine Stunde der Woche ist nie vollständig gezählt",
    "of each hour of the week {count} or more were counted whole": (
        "von jeder Stunde der Woche mindestens {count} vollständig gezählt"
    ),
    "{begin}:00 to {end}:00": "{begin}:00 bis {end}:00 Uhr",
    "no DTV: {days} of {of_days} days were counted whole; {year} % of the year and {month} % of each"
    " month are needed": (
        "kein DTV: {days} von {of_days} Tagen vollständig gezählt; nötig sind {year} % des Jahres und"
        " {month} % jedes Monats"
    ),
    "classes: {names}": "Klassen: {names}",
    "not in it, for nobody knows what they are: {names}": (
        "nicht dabei, weil unbekannt ist, was sie sind: {names}"
    ),
    "{count} day": "{count} Tag",
    "{count} stays": "{count} Parkvorgänge",
    "no stay ended": "kein Parkvorgang endete",
    "{count} departures": "{count} Abfahrten",
    "{count} arrivals": "{count} Ankünfte",
    "nobody left": "niemand fuhr ab",
    "nobody said how many bays there are": "niemand hat gemeldet, wie viele Plätze es gibt",
    "public holidays are not known here: they count as the day of the week they are": (
        "Feiertage sind hier nicht bekannt: sie zählen wie der Wochentag, auf den sie fallen"
    ),
    "counts of several places are not added, even where they share a site": (
        "Zählungen mehrerer Messstellen werden nicht addiert, auch nicht am selben Standort"
    ),
    "there is no official definition of occupancy: each figure has its formula beside it": (
        "für die Auslastung gibt es keine amtliche Definition: neben jeder Kennzahl steht ihre Formel"
    ),
    "figures of parking are made of readings only, not of finished hours that are kept for longer": (
        "Kennzahlen des Parkens entstehen nur aus Messwerten, nicht aus länger aufbewahrten Stundenwerten"
    ),
    "no day of which three quarters are known": "kein Tag, von dem drei Viertel bekannt sind",
}
