"""What people read at the head of a column, and the sentence of the data package on it."""

from devices.language import Sentence, say
from publish.export.sheet import Lang

#: Columns by the name of machines: head and sentence.
Said = tuple[Sentence, Sentence | None]


def head(name: str, lang: Lang) -> str:
    """The head of a column by its name for machines."""
    return _said(name)[0].in_language(lang)


def about(name: str, lang: Lang) -> str:
    """A sentence on the column; empty where its head says all."""
    sentence = _said(name)[1]
    return "" if sentence is None else sentence.in_language(lang)


def _said(name: str) -> Said:
    table: dict[str, Said] = {
        "time": (say("Time (UTC)"), say("UTC; of an interval or a window its begin")),
        "end": (say("End (UTC)"), say("UTC; the first moment that no longer belongs to the window")),
        "hour": (say("Hour"), say("hour of the local day: 7 is 7:00 to 8:00")),
        "weekday": (say("Weekday no."), say("ISO 8601: 1 is Monday, 7 is Sunday; local days")),
        "weekday_name": (say("Weekday"), None),
        "device": (say("Place"), say("the place's id in the registry, which stays when hardware is changed")),
        "site": (say("Site name"), None),
        "municipality": (say("Municipality"), None),
        "district": (say("District"), None),
        "direction": (say("Direction"), None),
        "lane": (say("Lane"), None),
        "vehicle_class": (say("Vehicle class"), None),
        "lot": (say("Car park"), None),
        "bay": (say("Bay"), None),
        "quantity": (say("Quantity"), say("as the catalogue calls it")),
        "figure": (say("Figure"), None),
        "value": (say("Value"), say("empty where there is none")),
        "partial": (say("Incomplete value"), say("what is known of a window that rests on too little")),
        "coverage": (say("Coverage (%)"), say("so much of the time is covered by values")),
        "unit": (say("Unit"), None),
        "flag": (say("Quality"), say("QARTOD's flag values: 1 plausible, 3 suspect")),
        "interval": (say("Interval (s)"), say("how long was measured, from the time on; empty: a sample")),
        "reason": (say("Reason"), say("why a window has no value")),
        "used": (say("With a value"), say("so many hours or days went into the value")),
        "windows": (say("Looked at"), say("so many hours or days are in the time asked for")),
        "days": (say("Days that count"), None),
        "of_days": (say("Of days"), None),
        "note": (say("Note"), say("why there is no value, or what must be known of it")),
        "formula": (say("Formula"), None),
    }
    return table[name]


def weekdays(lang: Lang) -> list[str]:
    """Monday to Sunday."""
    names = (
        say("Monday"),
        say("Tuesday"),
        say("Wednesday"),
        say("Thursday"),
        say("Friday"),
        say("Saturday"),
        say("Sunday"),
    )
    return [name.in_language(lang) for name in names]
