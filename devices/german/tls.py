"""German for what is wrong with files of TLS."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "ca_file {file}: its certificate authority expired on {day}": (
        "ca_file {file}: die Zertifizierungsstelle darin ist am {day} abgelaufen"
    ),
    "put the present certificate of the server's authority there": (
        "das heutige Zertifikat der Zertifizierungsstelle des Servers dorthin legen"
    ),
    "key_file {key} is not the key of the certificate in {cert}": (
        "key_file {key} ist nicht der Schlüssel zum Zertifikat in {cert}"
    ),
    "name the key that the certificate was made for, or have a certificate made for this key": (
        "den Schlüssel nennen, zu dem das Zertifikat gehört, oder für diesen Schlüssel ein Zertifikat"
        " ausstellen lassen"
    ),
    "TLS cannot be set up with {files}": "mit {files} kommt TLS nicht zustande",
    "the system's authorities": "den Zertifizierungsstellen des Systems",
    "make these files anew; the system said: {words}": (
        "diese Dateien neu erstellen; das System meldet: {words}"
    ),
    "{setting} {file} {trouble}": "{setting} {file} {trouble}",
    "put the file there, or name the right one; the user that runs Messnetz must read it": (
        "die Datei dorthin legen oder die richtige nennen; der Benutzer, unter dem Messnetz läuft, muss sie"
        " lesen dürfen"
    ),
    "no certificate": "kein Zertifikat",
    "no private key": "keinen privaten Schlüssel",
    "{setting} {file}: the certificate in it is damaged": (
        "{setting} {file}: das Zertifikat darin ist beschädigt"
    ),
    "{setting} {file}: the certificate in it breaks off": "{setting} {file}: das Zertifikat darin bricht ab",
    "copy the file anew from where it was made": "die Datei dort neu kopieren, wo sie erstellt wurde",
    "key_file {file}: the key is protected by a password": (
        "key_file {file}: der Schlüssel ist mit einem Passwort geschützt"
    ),
    "take it away: openssl pkey -in {file} -out new.key": (
        "das Passwort entfernen: openssl pkey -in {file} -out new.key"
    ),
    "{setting} {file} holds {what} (PEM)": "{setting} {file} enthält {what} (PEM)",
    "{setting} {file} is empty": "{setting} {file} ist leer",
    "turn it into PEM: openssl {kind} -inform der -in {file} -out new.pem": (
        "in PEM umwandeln: openssl {kind} -inform der -in {file} -out new.pem"
    ),
    "name the file whose text begins with {begin}": "die Datei nennen, deren Text mit {begin} beginnt",
    "{file} {words}": "{file} {words}",
    "holds no user name, or is no text": "enthält keinen Benutzernamen oder ist kein Text",
    "our own certificate, cert_file {file}, expired on {day}": (
        "unser eigenes Zertifikat, cert_file {file}, ist am {day} abgelaufen"
    ),
    "have it renewed by whoever runs the broker, and replace the file": (
        "vom Betreiber des Brokers erneuern lassen und die Datei ersetzen"
    ),
}
