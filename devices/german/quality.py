"""German for paths, quality control and the periods that technicians name."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    '“{path}” is no path: write keys with dots between them, as in value.0."pm2.5"': (
        '„{path}“ ist kein Pfad: Schlüssel mit Punkten dazwischen schreiben, wie in value.0."pm2.5"'
    ),
    "{path}… is longer than {limit} characters: leave such work to a codec": (
        "{path}… ist länger als {limit} Zeichen: solche Arbeit einem Codec überlassen"
    ),
    "{path} is not finished: it is no JMESPath as it stands": (
        "{path} ist nicht zu Ende geschrieben: so ist es kein JMESPath"
    ),
    "{path} is no JMESPath: “{sign}” at place {place} is not understood. A key with a blank or with"
    ' signs in it stands in double quotes, as in "Pd (P1-PBaro)"': (
        "{path} ist kein JMESPath: „{sign}“ an Stelle {place} ist unverständlich. Ein Schlüssel mit Leer-"
        ' oder Sonderzeichen steht in doppelten Anführungszeichen, wie in "Pd (P1-PBaro)"'
    ),
    "{path} is no JMESPath": "{path} ist kein JMESPath",
    "{path}: JMESPath has no function {name}{near}; it has: {names}": (
        "{path}: JMESPath kennt keine Funktion {name}{near}; es gibt: {names}"
    ),
    "{path}: the number of arguments of {name} is {count}, not {given}": (
        "{path}: {name} hat {count} als Zahl der Argumente, nicht {given}"
    ),
}
