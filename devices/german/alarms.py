"""German for alarms, and for `messnetz alarms`."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "Show the rules of all alarms for Grafana and Prometheus, or write them.\n\n"
    "Their numbers stand in the section `alarms` of the settings. Without options both files are printed."
    " After --write restart Grafana and reload Prometheus: they read their rules when they start.\n\n"
    "\b\n"
    "Example:\n"
    "  messnetz alarms --write": (
        "Die Regeln aller Alarme für Grafana und Prometheus zeigen oder schreiben.\n\n"
        "Ihre Zahlen stehen im Abschnitt `alarms` der Einstellungen. Ohne Optionen werden beide Dateien"
        " gezeigt. Nach --write Grafana neu starten und Prometheus neu laden: Beide lesen ihre Regeln beim"
        " Start.\n\n"
        "\b\n"
        "Beispiel:\n"
        "  messnetz alarms --write"
    ),
    "Write both files to where they belong.": "Beide Dateien dorthin schreiben, wohin sie gehören.",
    "Write Grafana's rules to this file.": "Die Regeln für Grafana in diese Datei schreiben.",
    "Write Prometheus' rules to this file.": "Die Regeln für Prometheus in diese Datei schreiben.",
    "{file} cannot be written: {trouble}": "{file} lässt sich nicht schreiben: {trouble}",
    "name other files with --grafana and --prometheus, or let this user write there": (
        "andere Dateien mit --grafana und --prometheus nennen oder diesem Benutzer das Schreiben erlauben"
    ),
    # what every alarm says
    "{title}: {where}": "{title}: {where}",
    "Since when: {since}\nLikely cause: {cause}\nFirst step: {step}": (
        "Seit wann: {since}\nWahrscheinliche Ursache: {cause}\nErster Schritt: {step}"
    ),
    "Alarm": "Alarm",
    "All-clear": "Entwarnung",
    "alarm since": "Alarm seit",
    "all-clear at": "Entwarnung um",
    "Nothing comes from there any more: nobody knows whether it is well.": (
        "Von dort kommt nichts mehr: Ob alles in Ordnung ist, weiß niemand."
    ),
    "at least {minutes} minutes": "mindestens {minutes} Minuten",
    "more than {minutes} minutes": "mehr als {minutes} Minuten",
    "service {instance}": "Dienst {instance}",
    "Prometheus does not answer": "Prometheus antwortet nicht",
    "Grafana cannot ask it": "Grafana kann es nicht fragen",
    "the begin of this alarm": "Beginn dieses Alarms",
    "Prometheus stands still, or Grafana has a wrong address; nothing is known of the service itself"
    " meanwhile": (
        "Prometheus steht, oder Grafana hat eine falsche Adresse; über den Dienst selbst ist solange nichts"
        " bekannt"
    ),
    "look whether Prometheus runs, and at MESSNETZ_PROMETHEUS_URL of Grafana": (
        "nachsehen, ob Prometheus läuft, und ob bei Grafana MESSNETZ_PROMETHEUS_URL stimmt"
    ),
    # devices and gateways
    "{if_heard}no word for {age}{else_}no word ever{end}": (
        "{if_heard}keine Meldung seit {age}{else_}noch nie eine Meldung{end}"
    ),
    "Sensor is silent": "Sensor schweigt",
    "battery empty, sensor damaged or gone, or something stands in the radio's way; gateway and Messnetz"
    " work": (
        "Batterie leer, Sensor beschädigt oder weg, oder etwas steht im Funkweg; Gateway und Messnetz"
        " arbeiten"
    ),
    "`messnetz devices show {device}` shows battery and radio of its last uplinks; then look at it on the"
    " spot": (
        "`messnetz devices show {device}` zeigt Batterie und Funk der letzten Uplinks; dann vor Ort nachsehen"
    ),
    "Gateway is silent": "Gateway ausgefallen",
    "no power or no network at the gateway; the sensors that only it hears are not broken and raise no alarms"
    " of their own": (
        "kein Strom oder kein Netz am Gateway; die Sensoren, die nur es hört, sind nicht defekt und melden"
        " keine eigenen Alarme"
    ),
    "look at the gateway in the network server, ask who feeds it with power and network there, switch it off"
    " and on": (
        "das Gateway im Netzwerkserver ansehen, Strom und Netz am Standort prüfen lassen, aus- und"
        " einschalten"
    ),
    "Sensors are cut off": "Sensoren abgeschnitten",
    "{count} at {site}": "{count} am Standort {site}",
    "the one gateway that hears them is silent; it is not in the registry": (
        "das einzige Gateway, das sie hört, ist ausgefallen; es steht nicht im Register"
    ),
    "look for the gateway in the network server; register it as a device, and the alarm names it": (
        "das Gateway im Netzwerkserver suchen; ist es als Gerät eingetragen, nennt der Alarm es beim Namen"
    ),
    "Battery is low": "Batterie schwach",
    "the begin of this alarm; the value is that of its newest uplink with one": (
        "Beginn dieses Alarms; der Wert ist der des neuesten Uplinks, der einen hatte"
    ),
    "the battery is at its end: below the limit of the device's type, or below {percent} %": (
        "die Batterie ist am Ende: unter der Grenze des Gerätetyps oder unter {percent} %"
    ),
    "order a battery and plan the change; the board for devices shows how it fell": (
        "Batterie bestellen und den Wechsel einplanen; das Board Geräte zeigt den Verlauf"
    ),
    "Messnetz writes nothing": "Messnetz schreibt nicht",
    "the database holds no new row of any device": "in der Datenbank steht von keinem Gerät etwas Neues",
    "the service stands still, or it cannot write to the database, or the database is down; nothing can be"
    " said of any sensor meanwhile": (
        "der Dienst steht, er kann nicht in die Datenbank schreiben, oder die Datenbank steht; solange lässt"
        " sich über keinen Sensor etwas sagen"
    ),
    "`messnetz status` on its machine; where it runs, `messnetz doctor` says what is in the way. What the"
    " brokers and the spool hold comes in later": (
        "`messnetz status` auf seinem Rechner; läuft er, sagt `messnetz doctor`, was im Weg ist. Was Broker"
        " und Spool halten, wird nachgetragen"
    ),
    # the street
    "The air is only good for an hour": "Luft eine Stunde lang nur gut",
    "The air is only moderate for an hour": "Luft eine Stunde lang nur mäßig",
    "The air is poor for an hour": "Luft eine Stunde lang schlecht",
    "The air is very poor for an hour": "Luft eine Stunde lang sehr schlecht",
    "the last finished hour; its UBA index is class {number} of 5": (
        "letzte fertige Stunde; ihr UBA-Index ist Klasse {number} von 5"
    ),
    "traffic, fire, fireworks or weather without wind; with a single sensor also a disturbed measurement": (
        "Verkehr, Feuer, Feuerwerk oder windstilles Wetter; bei einem einzelnen Sensor auch eine gestörte"
        " Messung"
    ),
    "compare with neighbouring sensors on the air board, which names the pollutant; such sensors prove no"
    " limit value exceeded": (
        "auf dem Board Luft mit den Nachbarn vergleichen, dort steht der Schadstoff; eine Überschreitung von"
        " Grenzwerten beweisen solche Sensoren nicht"
    ),
    "Parking sensor hangs": "Parksensor hängt",
    "more than {days} days: it says {if_occupied}occupied{else_}free{end} without a change": (
        "mehr als {days} Tage; so lange meldet er ohne Wechsel {if_occupied}belegt{else_}frei{end}"
    ),
    "sensor stuck, dirty or covered by snow; or the same car stands there all the time": (
        "Sensor hängt, ist verschmutzt oder verschneit; oder dasselbe Auto steht die ganze Zeit dort"
    ),
    "look at the bay; if it is not as {device} says, calibrate or change the sensor": (
        "den Stellplatz ansehen; ist er nicht, wie {device} sagt, den Sensor neu kalibrieren oder tauschen"
    ),
    # the service
    "Messnetz does not run": "Messnetz läuft nicht",
    "service{instance} does not answer": "Dienst{instance} antwortet nicht",
    "the service or its machine stands still, or Prometheus does not reach it": (
        "der Dienst oder sein Rechner steht, oder Prometheus erreicht ihn nicht"
    ),
    "`messnetz status` on its machine; the log's last lines say why it ended": (
        "`messnetz status` auf seinem Rechner; die letzten Zeilen im Log sagen, warum er endete"
    ),
    "Messnetz is not ready": "Messnetz nicht bereit",
    "a broker or the database is not reached or refuses us, or the disk is full": (
        "ein Broker oder die Datenbank ist nicht erreichbar oder weist uns ab, oder die Platte ist voll"
    ),
    "`messnetz status` names the reason; `messnetz doctor` looks at all of them": (
        "`messnetz status` nennt den Grund; `messnetz doctor` prüft alle"
    ),
    "No uplinks come in": "Keine Uplinks",
    "broker {source}": "Broker {source}",
    "no sensor was heard for {age}": "{age} lang war kein Sensor zu hören",
    "the network server stands still (its gateways may speak on), does not publish to this broker any more,"
    " publishes under another topic, or our user may not read it; the sensors raise no alarms of their own": (
        "der Netzwerkserver steht (seine Gateways melden sich vielleicht weiter), schickt nichts mehr an"
        " diesen Broker oder unter einem anderen Topic, oder unser Benutzer darf es nicht lesen; die Sensoren"
        " melden keinen eigenen Alarm"
    ),
    "`messnetz doctor` shows what the broker grants; look whether the network server still sees uplinks": (
        "`messnetz doctor` zeigt, was der Broker erlaubt; nachsehen, ob der Netzwerkserver noch Uplinks sieht"
    ),
    "The database lags behind": "Datenbank hängt hinterher",
    "the oldest line waits for {age}": "die älteste Zeile wartet seit {age}",
    "the database is down, too slow, or refuses our token; nothing is lost, it waits here": (
        "die Datenbank steht, ist zu langsam oder weist unser Token ab; verloren ist nichts, es wartet hier"
    ),
    "`messnetz status` shows what the database answers; then look at the database": (
        "`messnetz status` zeigt, was die Datenbank antwortet; dann die Datenbank ansehen"
    ),
    "The spool fills up": "Spool läuft voll",
    "now {percent} % of its budget": "jetzt {percent} % seines Platzes",
    "the database takes nothing; when the spool is full, the brokers must keep the messages, and they drop"
    " what does not fit": (
        "die Datenbank nimmt nichts an; ist der Spool voll, müssen die Broker die Meldungen halten, und was"
        " nicht passt, werfen sie weg"
    ),
    "bring the database back; until then `spool.waiting_bytes` may be raised where disk is left": (
        "die Datenbank wieder in Gang bringen; bis dahin lässt sich `spool.waiting_bytes` erhöhen, wo Platte"
        " frei ist"
    ),
    "The database refuses lines": "Datenbank lehnt Zeilen ab",
    "about {count} in the last hour": "etwa {count} in der letzten Stunde",
    "a field has another type there, or the points are older than the bucket keeps": (
        "ein Feld hat dort einen anderen Typ, oder die Punkte sind älter, als der Bucket aufhebt"
    ),
    "`messnetz dead-letters list` shows each line with the database's words; mend it, then `messnetz"
    " dead-letters replay`": (
        "`messnetz dead-letters list` zeigt jede Zeile mit den Worten der Datenbank; beheben, dann `messnetz"
        " dead-letters replay`"
    ),
    "The quarantine grows": "Quarantäne wächst",
    "sensors are not registered yet, or a codec or type does not fit what they send": (
        "Sensoren sind noch nicht eingetragen, oder Codec oder Typ passen nicht zu dem, was sie senden"
    ),
    "`messnetz quarantine list` shows devices and reasons; register or mend, then `messnetz quarantine"
    " replay`": (
        "`messnetz quarantine list` zeigt Geräte und Gründe; eintragen oder beheben, dann"
        " `messnetz quarantine replay`"
    ),
    "Finished hours are behind": "Fertige Stunden im Rückstand",
    "the oldest is due for {age}": "die älteste ist seit {age} fällig",
    "the database does not answer questions, or lines that belong to the hour still wait": (
        "die Datenbank beantwortet keine Fragen, oder Zeilen, die in die Stunde gehören, warten noch"
    ),
    "`messnetz status`; the log says which hour failed and why": (
        "`messnetz status`; das Log sagt, welche Stunde warum scheiterte"
    ),
    "The disk gets full": "Platte wird voll",
    "state folder of {instance}": "Zustandsordner von {instance}",
    "now {size}B are free": "jetzt {size}B frei",
    "the spool grows because the database takes nothing, or something else fills the disk": (
        "der Spool wächst, weil die Datenbank nichts annimmt, oder etwas anderes füllt die Platte"
    ),
    "make room, or lower `archive.bytes`: the oldest days of the archive go first": (
        "Platz schaffen oder `archive.bytes` senken: Die ältesten Tage des Archivs gehen zuerst"
    ),
    "A certificate expires": "Zertifikat läuft ab",
    "connection {name} of service {instance}": "Verbindung {name} des Dienstes {instance}",
    "{if_left}{days} days are left; the alarm comes from {limit} on{else_}it has expired{end}": (
        "{if_left}noch {days} Tage; Alarm ist ab {limit}{else_}abgelaufen{end}"
    ),
    "nobody renewed it; after its end the connection is refused": (
        "niemand hat es erneuert; nach dem Ablauf wird die Verbindung abgewiesen"
    ),
    "have it renewed and put it in place as chapter 7 of the operations guide says": (
        "erneuern lassen und einsetzen, wie es Kapitel 7 des Betriebshandbuchs sagt"
    ),
}
