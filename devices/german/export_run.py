"""German of what is said while an export is made: its disk, its store, its size, its emptiness."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "reading": "lesen",
    "writing": "schreiben",
    "ended before it was done: no file was made or changed": (
        "vor dem Ende abgebrochen: keine Datei ist entstanden oder geändert"
    ),
    # the store
    "the store does not answer: {why}": "der Speicher antwortet nicht: {why}",
    "the store stopped answering, at the values from {when} on: {why}": (
        "der Speicher antwortet nicht mehr, bei den Werten ab {when}: {why}"
    ),
    "when the store is back, ask again: nothing is left of this export": (
        "wenn der Speicher wieder antwortet, noch einmal exportieren: von diesem Export bleibt nichts zurück"
    ),
    # the disk
    "there is no folder {folder}": "es gibt keinen Ordner {folder}",
    "make it, or name another one": "ihn anlegen oder einen anderen nennen",
    "{target} is no file": "{target} ist keine Datei",
    "name a file": "eine Datei nennen",
    "the name {name} is too long": "der Name {name} ist zu lang",
    "name a shorter one": "einen kürzeren nennen",
    "{target} cannot be written: {why}": "{target} lässt sich nicht schreiben: {why}",
    "make room or get the right there, or name another place; then export again": (
        "dort Platz schaffen, das Recht bekommen oder einen anderen Ort nennen; dann noch einmal exportieren"
    ),
    # the size
    "the file would have about {size} MB, and {limit} MB are allowed": (
        "die Datei hätte etwa {size} MB, erlaubt sind {limit} MB"
    ),
    "about {time} of that time would fit; or ask for fewer places, or for longer windows, as every 1h": (
        "etwa {time} dieser Zeit würden passen; oder weniger Messstellen verlangen, oder längere Zeitfenster,"
        " wie every 1h"
    ),
    # the preview
    "there is no preview within {seconds} s": "in {seconds} s gibt es keine Vorschau",
    "the file can be had all the same; or ask for less": (
        "die Datei gibt es trotzdem; oder weniger verlangen"
    ),
    "that is a great deal: sizes are estimated, and the chart shows parts of the time": (
        "das ist sehr viel: Größen sind geschätzt, und das Diagramm zeigt Teile der Zeit"
    ),
    # emptiness
    "all values of that time ({count}) failed their tests, and such are never exported": (
        "alle Werte dieser Zeit ({count}) sind bei Prüfungen durchgefallen; solche werden nie exportiert"
    ),
    "messnetz devices show says which tests a place's values pass": (
        "messnetz devices show sagt, welche Prüfungen die Werte einer Messstelle durchlaufen"
    ),
    "all values of that time ({count}) are suspect, and such were to be dropped": (
        "alle Werte dieser Zeit ({count}) sind auffällig, und solche sollten wegbleiben"
    ),
    "no value of that time is left: {failed} failed their tests, {dropped} are suspect and were to be"
    " dropped": (
        "von dieser Zeit bleibt kein Wert: {failed} sind bei Prüfungen durchgefallen, {dropped} sind"
        " auffällig und sollten wegbleiben"
    ),
    "with suspect keep they are there, marked with the flag 3": (
        "mit suspect keep sind sie dabei, gekennzeichnet mit 3"
    ),
    "in that time, {begin} to {end}, nothing was measured there yet": (
        "in dieser Zeit, {begin} bis {end}, wurde dort noch nicht gemessen"
    ),
    "the first of these places was equipped on {when}": (
        "die erste dieser Messstellen bekam ihren Sensor am {when}"
    ),
    "in that time, {begin} to {end}, nothing was measured there any more": (
        "in dieser Zeit, {begin} bis {end}, wurde dort nicht mehr gemessen"
    ),
    "the last of these places was given up on {when}": (
        "die letzte dieser Messstellen wurde am {when} aufgegeben"
    ),
    "in that time, {begin} to {end}, there is no value: {why}": (
        "in dieser Zeit, {begin} bis {end}, gibt es keinen Wert: {why}"
    ),
    "in that time, {begin} to {end}, there is no value": (
        "in dieser Zeit, {begin} bis {end}, gibt es keinen Wert"
    ),
    "nor is there one within a year before it, nor after it: messnetz status says what comes in": (
        "auch nicht im Jahr davor, und keinen danach: messnetz status sagt, was hereinkommt"
    ),
    "the last one before it is of {when}; there is none after it": (
        "der letzte davor ist von {when}; danach gibt es keinen"
    ),
    "the first one after it is of {when}": "der erste danach ist von {when}",
    "the last one before it is of {before}, the first one after it of {after}": (
        "der letzte davor ist von {before}, der erste danach von {after}"
    ),
    # notes
    "one row per value instead of one column per series: {count} series are more than the {most} columns"
    " that a table can show": (
        "eine Zeile je Wert statt einer Spalte je Zeitreihe: {count} Zeitreihen sind mehr als die {most}"
        " Spalten, die eine Tabelle zeigen kann"
    ),
    "values left out because they failed their tests: {count}": (
        "Werte, die bei ihren Prüfungen durchgefallen und deshalb weggelassen sind: {count}"
    ),
    "suspect values left out, as asked for: {count}": ("auffällige Werte, wie verlangt weggelassen: {count}"),
    "values with the flag 3, suspect or made of suspect ones: {count}": (
        "Werte mit dem Kennzeichen 3, auffällig oder aus auffälligen gebildet: {count}"
    ),
    "places without any value: {names}": "Messstellen ohne einen Wert: {names}",
}
