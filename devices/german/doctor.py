"""German for `messnetz doctor`."""

from collections.abc import Mapping

_TABLE: Mapping[str, str] = {
    "Look at everything around Messnetz and say what is right, what is not, and what to change.\n\n"
    "Brokers, certificates, login, topics, database, retention, clocks, disk, registry, what waits. It writes"
    " nothing anywhere and disturbs no session; run it beside the service, as the same user. Exits with 1 if"
    " something is wrong; warnings alone are no failure.\n\n"
    "\b\n"
    "Examples:\n"
    "  messnetz doctor\n"
    "  messnetz doctor --listen 600 --json": (
        "Alles um Messnetz herum ansehen und sagen, was stimmt, was nicht und was zu ändern ist.\n\n"
        "Broker, Zertifikate, Anmeldung, Topics, Datenbank, Aufbewahrung, Uhren, Platte, Registrierung, was"
        " wartet. Es schreibt nirgends etwas und stört keine Sitzung; neben dem Dienst aufrufen, als derselbe"
        " Benutzer. Endet mit 1, wenn etwas falsch ist; Warnungen allein sind kein Fehler.\n\n"
        "\b\n"
        "Beispiele:\n"
        "  messnetz doctor\n"
        "  messnetz doctor --listen 600 --json"
    ),
    "Seconds to listen at the brokers.": "Sekunden, die an den Brokern gelauscht wird.",
    "state": "Zustand",
    "found → to do": "Befund → zu tun",
    "✓ right": "✓ gut",
    "! warning": "! Warnung",
    "✗ wrong": "✗ falsch",
    "? unknown": "? unklar",
    "wrong: {wrong}, warnings: {warning}, unknown: {unknown}, right: {ok}": (
        "falsch: {wrong}, Warnungen: {warning}, unklar: {unknown}, gut: {ok}"
    ),
    "reading the registry ...": "liest die Registrierung ...",
    "looking at {names} ...": "sieht nach: {names} ...",
    "{count} bytes": "{count} Byte",
    "{count} {unit}": "{count} {unit}",
    "{whole}.{tenths} {unit}": "{whole},{tenths} {unit}",
    "{count} s": "{count} s",
    "{count} min": "{count} min",
    "{count} h": "{count} h",
    "{count} days": "{count} Tage",
    "it came to no end within {s} s": "wurde in {s} s nicht fertig",
    "something it looks at hangs: a disk or a network share, perhaps": (
        "etwas, das angesehen wird, hängt: vielleicht eine Platte oder ein Netzlaufwerk"
    ),
    "the check itself failed: {error}": "die Prüfung selbst ist gescheitert: {error}",
    "please report this": "bitte melden",
}

_HERE: Mapping[str, str] = {
    "settings": "Einstellungen",
    "secrets": "Geheimnisse",
    "registry": "Registrierung",
    "devices": "Geräte",
    "reload": "Neuladen",
    "service": "Dienst",
    "brokers": "Broker",
    "spool": "Spool",
    "quarantine": "Quarantäne",
    "dead letters": "Dead Letters",
    "embedded store": "eingebaute Datenbank",
    "clock": "Uhr",
    "disk": "Platte",
    "state folder": "Zustandsordner",
    "{file} is right": "{file} stimmt",
    "everybody on this machine may read {file}": "jeder auf diesem Rechner darf {file} lesen",
    "mistakes in its files: {count}. {named}": "Fehler in den Dateien: {count}. {named}",
    "messnetz check names them all; a device with a mistake is not registered": (
        "messnetz check nennt alle; ein Gerät mit einem Fehler ist nicht registriert"
    ),
    "no device is registered: nothing becomes a time series": (
        "kein Gerät ist registriert: nichts wird zur Zeitreihe"
    ),
    "{devices} devices, {types} types known": "{devices} Geräte, {types} bekannte Typen",
    "{count} without a location: the map does not show them ({named})": (
        "{count} ohne Koordinaten: auf der Karte fehlen sie ({named})"
    ),
    "add `location: {{lat: …, lon: …}}` to them": "`location: {{lat: …, lon: …}}` ergänzen",
    "{count} without an interval: their silence is noticed after an hour only ({named})": (
        "{count} ohne Intervall: dass sie schweigen, fällt erst nach einer Stunde auf ({named})"
    ),
    "add `interval: 10min` or whatever they are set to": (
        "`interval: 10min` ergänzen, oder was an ihnen eingestellt ist"
    ),
    "{count} are retired": "{count} sind abgebaut",
    "the files would remove many devices; until that is confirmed the old registry stays in force": (
        "die Dateien würden viele Geräte entfernen; bis zur Bestätigung gilt die alte Registrierung"
    ),
    "look at the files; if it is meant: messnetz devices reload --confirm": (
        "Dateien ansehen; wenn es so gemeint ist: messnetz devices reload --confirm"
    ),
    "the service uses {used} devices, the files have {there}": (
        "der Dienst benutzt {used} Geräte, in den Dateien stehen {there}"
    ),
    "the service uses what the files say": "der Dienst benutzt, was in den Dateien steht",
    "it does not run; looked at what lies here": "er läuft nicht; angesehen wurde, was hier liegt",
    "start it: messnetz run": "starten: messnetz run",
    "it runs and does not answer on its control socket": (
        "er läuft und antwortet nicht auf seinem Steuer-Socket"
    ),
    "see its log; if it stays so, start it anew: it loses nothing": (
        "ins Log sehen; bleibt es so, neu starten: dabei geht nichts verloren"
    ),
    "it belongs to another user, so it cannot be asked": (
        "er gehört einem anderen Benutzer und lässt sich nicht fragen"
    ),
    "run this as the user that runs the service": "als der Benutzer aufrufen, unter dem der Dienst läuft",
    "not ready: {reason}": "nicht bereit: {reason}",
    "uplinks are not archived: {words}": "Uplinks werden nicht archiviert: {words}",
    "make room on the disk, or mend it": "Platz auf der Platte schaffen oder sie reparieren",
    "it runs and is ready": "er läuft und ist bereit",
    "this user may not read it": "dieser Benutzer darf nicht hineinsehen",
    "nothing ran here yet": "hier lief noch nichts",
    "damaged files were set aside: {names}": "beschädigte Dateien wurden beiseitegelegt: {names}",
    "check the disk (smartctl, dmesg); messnetz salvage shows the lines that waited in a spool": (
        "Platte prüfen (smartctl, dmesg); messnetz salvage zeigt die Zeilen, die in einem Spool warteten"
    ),
    "nothing waits for the store": "nichts wartet auf die Datenbank",
    "{count} lines wait for the store ({size} of {budget}), the oldest for {age}": (
        "{count} Zeilen warten auf die Datenbank ({size} von {budget}), die älteste seit {age}"
    ),
    "at the budget nothing more is acknowledged: mend the store, or raise spool.waiting_bytes": (
        "am Budget wird nichts mehr bestätigt: die Datenbank reparieren oder spool.waiting_bytes erhöhen"
    ),
    "see why the store does not take them: messnetz status": (
        "nachsehen, warum die Datenbank sie nicht nimmt: messnetz status"
    ),
    "it is empty": "sie ist leer",
    "{reason}; messages: {count}, senders: {senders}": "{reason}; Nachrichten: {count}, Sender: {senders}",
    "for other reasons: {count}": "aus anderen Gründen: {count}",
    "messnetz devices unknown shows them; register them, or messnetz devices ignore": (
        "messnetz devices unknown zeigt sie; registrieren, oder messnetz devices ignore"
    ),
    "they spoke outside the dates of their installation: correct `from`, or drop them": (
        "sie sprachen außerhalb der Zeit ihres Einbaus: `from` berichtigen oder verwerfen"
    ),
    "messnetz codec run shows what the codec says; mend it, then messnetz quarantine replay": (
        "messnetz codec run zeigt, was der Codec sagt; reparieren, dann messnetz quarantine replay"
    ),
    "is it the right type? messnetz types decode; then messnetz quarantine replay": (
        "ist es der richtige Typ? messnetz types decode; dann messnetz quarantine replay"
    ),
    "their times are impossible: see to the clock of the network server or gateway": (
        "ihre Zeiten sind unmöglich: die Uhr von Netzwerkserver oder Gateway stellen"
    ),
    "some readings broke a rule: messnetz quarantine list --reason partly_refused": (
        "einzelne Messwerte verletzen eine Regel: messnetz quarantine list --reason partly_refused"
    ),
    "is `format` of that broker right? See messnetz quarantine list --reason {reason}": (
        "stimmt `format` dieses Brokers? Siehe messnetz quarantine list --reason {reason}"
    ),
    "there are none": "keine",
    "{kind}; lines: {count}; the newest: {words}": "{kind}; Zeilen: {count}; die neueste: {words}",
    "messnetz dead-letters list; mend the cause, then messnetz dead-letters replay": (
        "messnetz dead-letters list; Ursache beheben, dann messnetz dead-letters replay"
    ),
    "there is no file yet; the first line makes it": "es gibt noch keine Datei; die erste Zeile legt sie an",
    "{count} devices are more than it is made for": "{count} Geräte sind mehr, als wofür sie gemacht ist",
    "move to InfluxDB: `store: influx`, then messnetz copy": (
        "auf InfluxDB umziehen: `store: influx`, dann messnetz copy"
    ),
    "{size}; nothing wrong in the part that was looked at": "{size}; im angesehenen Teil ist nichts falsch",
    "{size}, whole": "{size}, unbeschädigt",
    "stop the service and move the file away, a new one is begun; bring back a copy if there is one": (
        "den Dienst anhalten und die Datei wegschieben, eine neue wird begonnen; gibt es eine Kopie, sie"
        " zurückholen"
    ),
    "it is kept right (NTP)": "sie wird gestellt (NTP)",
    "nothing keeps it right (no NTP)": "nichts stellt sie (kein NTP)",
    "whether it is kept right cannot be told here": "ob sie gestellt wird, ist hier nicht zu erfahren",
    "timedatectl set-ntp true; in a container: on its host": (
        "timedatectl set-ntp true; in einem Container: auf seinem Wirt"
    ),
    "it is not there yet; the service makes it": "er ist noch nicht da; der Dienst legt ihn an",
    "{folder} is not there and this user may not make it": (
        "{folder} ist nicht da, und dieser Benutzer darf ihn nicht anlegen"
    ),
    "make it, for the user that runs the service": "anlegen, für den Benutzer, unter dem der Dienst läuft",
    "{names} belong to another user than their folder": (
        "{names} gehören einem anderen Benutzer als ihr Ordner"
    ),
    "chown -R to the user that runs the service, of {folder}": (
        "{folder} mit chown -R dem Benutzer geben, unter dem der Dienst läuft"
    ),
    "this user may not write to {folder}": "dieser Benutzer darf in {folder} nicht schreiben",
    "run this as the user that runs the service, or give it the folder": (
        "als der Benutzer aufrufen, unter dem der Dienst läuft, oder ihm den Ordner geben"
    ),
    "{folder} may be written to": "{folder} ist beschreibbar",
    "{left} left": "{left} frei",
    "make room in the file system of {folder}: soon nothing is taken any more": (
        "Platz im Dateisystem von {folder} schaffen: bald wird nichts mehr angenommen"
    ),
    "{left} left, but spool and archive may still grow by {more}": (
        "{left} frei, aber Spool und Archiv dürfen noch um {more} wachsen"
    ),
    "make room, or lower spool.waiting_bytes and archive.bytes so that they fit": (
        "Platz schaffen, oder spool.waiting_bytes und archive.bytes so senken, dass sie passen"
    ),
    "{left} left, enough for all budgets": "{left} frei, genug für alle Budgets",
}

_WAY: Mapping[str, str] = {
    "network": "Netz",
    "{at} answers": "{at} antwortet",
    "{at} cannot be reached: {words}": "{at} ist nicht erreichbar: {words}",
    "check {setting}": "{setting} prüfen",
    "the name {host} cannot be resolved": "der Name {host} lässt sich nicht auflösen",
    "check {setting}, and the name server of this machine": (
        "{setting} prüfen, und den Nameserver dieses Rechners"
    ),
    "nothing listens at {at}": "an {at} lauscht niemand",
    "start the server, or check {setting}": "den Server starten, oder {setting} prüfen",
    "no answer from {at}": "keine Antwort von {at}",
    "is the machine on, is a firewall between? Else check {setting}": (
        "läuft der Rechner, steht eine Firewall dazwischen? Sonst {setting} prüfen"
    ),
    "the server answers, but there is no TLS with it: {words}": (
        "der Server antwortet, aber TLS kommt nicht zustande: {words}"
    ),
    "the server takes the connection and does not answer within {s} s": (
        "der Server nimmt die Verbindung an und antwortet in {s} s nicht"
    ),
    "see on its machine whether it hangs; else check that this is its TLS port": (
        "auf seinem Rechner nachsehen, ob er hängt; sonst prüfen, ob das sein TLS-Port ist"
    ),
    "check that this is its TLS port, and what TLS it speaks": (
        "ist das sein TLS-Port, und welches TLS spricht er?"
    ),
    "the certificate expired on {day}": "das Zertifikat ist am {day} abgelaufen",
    "the certificate has expired": "das Zertifikat ist abgelaufen",
    "renew it on the server; until then nothing connects": (
        "auf dem Server erneuern; bis dahin verbindet sich nichts"
    ),
    "the certificate is not valid yet": "das Zertifikat gilt noch nicht",
    "see to the clocks here and where it was made": "die Uhren prüfen, hier und wo es ausgestellt wurde",
    "the certificate is not for {host}, but for {names}": (
        "das Zertifikat gilt nicht für {host}, sondern für {names}"
    ),
    "no name at all": "keinen Namen",
    "name the server as its certificate does, or give it a certificate for this name": (
        "den Server so nennen wie sein Zertifikat, oder ihm ein Zertifikat für diesen Namen geben"
    ),
    "the certificate is not trusted: {words}": "dem Zertifikat wird nicht vertraut: {words}",
    "name the authority that signed it in {setting}": (
        "die Zertifizierungsstelle, die es ausgestellt hat, in {setting} nennen"
    ),
    "{version}; the certificate is valid until {day}, {days} days more": (
        "{version}; das Zertifikat gilt bis {day}, noch {days} Tage"
    ),
    "renew it on the server before that day": "vor diesem Tag auf dem Server erneuern",
}

_BROKERS: Mapping[str, str] = {
    "{name}: {what}": "{name}: {what}",
    "login": "Anmeldung",
    "topics": "Topics",
    "queue": "Warteschlange",
    "uplinks": "Uplinks",
    "gateways": "Gateways",
    "not registered: {names}": "nicht registriert: {names}",
    "messnetz devices add --type chirpstack-gateway: so a dead gateway is told from dead sensors": (
        "messnetz devices add --type chirpstack-gateway: so ist ein totes Gateway von toten Sensoren zu"
        " unterscheiden"
    ),
    "all {count} that were heard are registered": "alle {count} gehörten sind registriert",
    "host and port of broker {name}": "host und port des Brokers {name}",
    "the password and everything else crosses the network unencrypted": (
        "das Passwort und alles andere geht unverschlüsselt durchs Netz"
    ),
    "set `tls: {{}}` and the broker's TLS port": "`tls: {{}}` und den TLS-Port des Brokers einstellen",
    "write the user name into its first line and the password into its second": (
        "in die erste Zeile den Benutzernamen schreiben, in die zweite das Passwort"
    ),
    "the connection broke off: {words}": "die Verbindung brach ab: {words}",
    "the connection broke off": "die Verbindung brach ab",
    "what answers there does not speak HTTP": "was dort antwortet, spricht kein HTTP",
    "{folder} is no folder, or a link to one that is not there": (
        "{folder} ist kein Ordner oder ein Verweis auf einen, den es nicht gibt"
    ),
    "mount its disk, or name another `state` in the settings": (
        "seine Platte einhängen oder in den Einstellungen einen anderen `state` nennen"
    ),
    "see on its machine whether it hangs; else check that this port speaks MQTT": (
        "auf seinem Rechner nachsehen, ob er hängt; sonst prüfen, ob dieser Port MQTT spricht"
    ),
    "does this port speak MQTT? If it is the broker's TLS port, set `tls: {{}}`": (
        "spricht dieser Port MQTT? Ist es der TLS-Port des Brokers, `tls: {{}}` einstellen"
    ),
    "it may ask for a client certificate: set `tls.cert_file` and `tls.key_file`": (
        "vielleicht verlangt er ein Client-Zertifikat: `tls.cert_file` und `tls.key_file` einstellen"
    ),
    "it may not know our client certificate: check `tls.cert_file`": (
        "vielleicht kennt er unser Client-Zertifikat nicht: `tls.cert_file` prüfen"
    ),
    "accepted": "angenommen",
    "accepted without a login": "ohne Anmeldung angenommen",
    "the broker takes the connection and does not answer within {s} s": (
        "der Broker nimmt die Verbindung an und antwortet in {s} s nicht"
    ),
    "the broker closed the connection without a word": "der Broker schloss die Verbindung ohne ein Wort",
    "check user name and password in {file}": "Benutzername und Passwort in {file} prüfen",
    "it asks for a login: set `credentials_file`": (
        "er verlangt eine Anmeldung: `credentials_file` einstellen"
    ),
    "the broker refuses user name or password": "der Broker weist Benutzernamen oder Passwort ab",
    "the broker does not speak MQTT {version}": "der Broker spricht kein MQTT {version}",
    "set `protocol` to the other one": "`protocol` auf das andere stellen",
    "the broker admits certain client ids only, and this one was made up": (
        "der Broker lässt nur bestimmte Client-IDs zu, und diese war ausgedacht"
    ),
    "let ids that begin with messnetz-doctor- in, or look at messnetz status": (
        "IDs zulassen, die mit messnetz-doctor- beginnen, oder messnetz status ansehen"
    ),
    "the broker refuses us: {words}": "der Broker weist uns ab: {words}",
    "see the broker's log": "ins Log des Brokers sehen",
    "the broker does not answer when asked for our topics": (
        "der Broker antwortet nicht auf die Frage nach unseren Topics"
    ),
    "check `topics` and our rights on the broker": "`topics` und unsere Rechte auf dem Broker prüfen",
    "refused: {topics}": "verweigert: {topics}",
    "give our user the right to read these topics, or name others under `topics`": (
        "unserem Benutzer das Recht geben, diese Topics zu lesen, oder unter `topics` andere nennen"
    ),
    "granted at QoS 0 only: {topics}": "nur mit QoS 0 gewährt: {topics}",
    "allow QoS 1 on the broker: at QoS 0 it keeps nothing for us while we are away": (
        "QoS 1 auf dem Broker erlauben: mit QoS 0 hebt er nichts für uns auf, solange wir weg sind"
    ),
    "QoS 1 is granted for all {count} topic filters": "QoS 1 für alle {count} Topic-Filter gewährt",
    "the broker grants QoS 0 only": "der Broker gewährt nur QoS 0",
    "allow QoS 1 on the broker": "QoS 1 auf dem Broker erlauben",
    "the broker knows no shared subscriptions": "der Broker kennt keine geteilten Abonnements",
    "take `share` out, or use a broker that knows them": (
        "`share` herausnehmen, oder einen Broker verwenden, der sie kennt"
    ),
    "since its start the broker dropped {count} messages that clients were too slow or away for": (
        "seit seinem Start hat der Broker {count} Nachrichten fallen lassen, für die Clients zu langsam oder"
        " weg waren"
    ),
    "raise max_queued_messages and max_queued_bytes in mosquitto.conf": (
        "max_queued_messages und max_queued_bytes in mosquitto.conf erhöhen"
    ),
    "the broker is {version}": "der Broker ist {version}",
    "the broker": "der Broker",
    "see that its session queue holds the messages of some hours, on disk": (
        "dafür sorgen, dass seine Sitzungen die Nachrichten einiger Stunden halten, auf der Platte"
    ),
    "Mosquitto keeps 1000 messages and drops the newest unless mosquitto.conf says"
    " max_queued_messages 0, persistence true and autosave_interval 60": (
        "Mosquitto hält 1000 Nachrichten und lässt die neuesten fallen, wenn in mosquitto.conf nicht"
        " max_queued_messages 0, persistence true und autosave_interval 60 steht"
    ),
    "{broker}{known}; how much it keeps for us while we are away cannot be asked": (
        "{broker}{known}; wie viel er für uns aufhebt, solange wir weg sind, lässt sich nicht erfragen"
    ),
    ", takes packets up to {size}": ", nimmt Pakete bis {size}",
    ", {count} messages ahead of their acknowledgement": ", {count} Nachrichten vor ihrer Bestätigung",
    "{one}{other}": "{one}{other}",
    "none within {seconds} s": "keine in {seconds} s",
    "none within {seconds} s, but the service heard some since its start": (
        "keine in {seconds} s, aber der Dienst hat seit seinem Start welche gehört"
    ),
    "listen longer with --listen 600. If nothing comes: may our user read these topics (Mosquitto grants a"
    " subscription and then withholds what its ACL forbids), does the network server publish here?": (
        "mit --listen 600 länger lauschen. Kommt nichts: darf unser Benutzer diese Topics lesen (Mosquitto"
        " gewährt ein Abonnement und hält dann zurück, was seine ACL verbietet), veröffentlicht der"
        " Netzwerkserver hier?"
    ),
    "{count} messages heard, none of them an uplink that can be read": (
        "{count} Nachrichten gehört, darunter kein lesbarer Uplink"
    ),
    "check `format` of this broker: it says whose events these are": (
        "`format` dieses Brokers prüfen: es sagt, wessen Ereignisse das sind"
    ),
    "{count} messages heard in {seconds} s, of {senders} senders, {strangers} of them not registered": (
        "{count} Nachrichten in {seconds} s gehört, von {senders} Sendern, davon nicht registriert:"
        " {strangers}"
    ),
    "messnetz devices unknown, then register or ignore them ({names})": (
        "messnetz devices unknown, dann registrieren oder übergehen ({names})"
    ),
    "uplinks carry times up to {span} ahead of our clock": (
        "Uplinks tragen Zeiten bis {span} vor unserer Uhr"
    ),
    "let both machines keep time by NTP; what lies too far ahead is refused": (
        "beide Rechner per NTP stellen; was zu weit in der Zukunft liegt, wird abgewiesen"
    ),
    "every uplink is old when it comes, {span} in the middle": (
        "jeder Uplink ist alt, wenn er kommt, im Mittel {span}"
    ),
    "a backlog, or a clock that is wrong: let both machines keep time by NTP": (
        "ein Rückstau oder eine falsche Uhr: beide Rechner per NTP stellen"
    ),
    "times of uplinks agree with ours to within {span}": (
        "die Zeiten der Uplinks stimmen bis auf {span} mit unserer überein"
    ),
    "the share of messages at QoS 0 is counted by the service, which does not run": (
        "den Anteil der Nachrichten mit QoS 0 zählt der Dienst, und der läuft nicht"
    ),
    "the share of messages at QoS 0 is counted by the service, which tells nothing of this broker": (
        "den Anteil der Nachrichten mit QoS 0 zählt der Dienst, und der sagt zu diesem Broker nichts"
    ),
    "see the row of the service; if the broker is new in the settings, restart it": (
        "die Zeile des Dienstes lesen; ist der Broker in den Einstellungen neu, den Dienst neu starten"
    ),
    "correct the files: the service then takes them by itself": (
        "die Dateien berichtigen: dann nimmt der Dienst sie von selbst"
    ),
    "start it, then ask again": "ihn starten, dann wieder fragen",
    "{count} messages at QoS 0 were dropped for want of room": (
        "{count} Nachrichten mit QoS 0 wurden aus Platzmangel fallen gelassen"
    ),
    "the service received nothing yet": "der Dienst hat noch nichts empfangen",
    "{zero} of {received} messages ({share} %) came at QoS 0: such are lost while we are away": (
        "{zero} von {received} Nachrichten ({share} %) kamen mit QoS 0: solche sind verloren, solange wir weg"
        " sind"
    ),
    "all {count} messages came at QoS 1 or 2": "alle {count} Nachrichten kamen mit QoS 1 oder 2",
    "in chirpstack.toml set qos=1 under [integration.mqtt] (its default is 0) and restart ChirpStack; for"
    " gateways' statistics also in chirpstack-gateway-bridge.toml under [integration.mqtt.auth.generic]": (
        "in chirpstack.toml unter [integration.mqtt] qos=1 setzen (voreingestellt ist 0) und ChirpStack neu"
        " starten; für die Statistik der Gateways auch in chirpstack-gateway-bridge.toml unter"
        " [integration.mqtt.auth.generic]"
    ),
    "in chirpstack-application-server.toml set qos=1 under [application_server.integration.mqtt] and"
    " restart it": (
        "in chirpstack-application-server.toml unter [application_server.integration.mqtt] qos=1 setzen und"
        " neu starten"
    ),
    "The Things Stack publishes at QoS 0 only: keep Messnetz running all the time, on a network as good as"
    " can be had": (
        "The Things Stack veröffentlicht nur mit QoS 0: Messnetz dauernd laufen lassen, an einem möglichst"
        " guten Netz"
    ),
    "let the network server publish at QoS 1 (ChirpStack: qos=1 under [integration.mqtt]; The Things Stack"
    " cannot)": (
        "den Netzwerkserver mit QoS 1 veröffentlichen lassen (ChirpStack: qos=1 unter [integration.mqtt]; The"
        " Things Stack kann es nicht)"
    ),
}

_INFLUX: Mapping[str, str] = {
    "InfluxDB: {what}": "InfluxDB: {what}",
    "answers": "Antworten",
    "version": "Version",
    "token": "Token",
    "bucket {name}": "Bucket {name}",
    "it takes the connection and gives no answer within {s} s": (
        "sie nimmt die Verbindung an und antwortet in {s} s nicht"
    ),
    "see its log and its machine's load; what comes meanwhile waits in the spool": (
        "ihr Log und die Last ihres Rechners ansehen; was inzwischen kommt, wartet im Spool"
    ),
    "check influx.url: is this InfluxDB?": "influx.url prüfen: ist das InfluxDB?",
    "the token's file cannot be read": "die Datei mit dem Token ist nicht lesbar",
    "write the token into the first line of {file}": "das Token in die erste Zeile von {file} schreiben",
    "it refuses our token: {words}": "sie weist unser Token ab: {words}",
    "check influx.token_file": "influx.token_file prüfen",
    "check influx.url": "influx.url prüfen",
    "check influx.org": "influx.org prüfen",
    "what answers there is not InfluxDB (HTTP {status})": (
        "was dort antwortet, ist nicht InfluxDB (HTTP {status})"
    ),
    "version {version} is too old": "Version {version} ist zu alt",
    "update it to 1.8 or newer": "auf 1.8 oder neuer aktualisieren",
    "a build of version 1 that does not name its number": "eine Version 1, die ihre Nummer nicht nennt",
    "it does not tell its time": "sie sagt ihre Zeit nicht",
    "agrees with ours": "stimmt mit unserer überein",
    "{span} ahead of ours": "geht unserer {span} vor",
    "{span} behind ours": "geht unserer {span} nach",
    "let both machines keep time by NTP (timedatectl set-ntp true)": (
        "beide Rechner per NTP stellen (timedatectl set-ntp true)"
    ),
    "refused: {words}": "abgewiesen: {words}",
    "write a valid one into {file} (version 1.8: user:password)": (
        "ein gültiges in {file} schreiben (Version 1.8: benutzer:passwort)"
    ),
    "it asks for a login: set influx.token_file": "sie verlangt eine Anmeldung: influx.token_file einstellen",
    "the organisation {org} is not there, or not this token's": (
        "die Organisation {org} gibt es nicht, oder das Token gehört nicht zu ihr"
    ),
    "it can be read; whether it may be written to shows with the first line": (
        "lesbar; ob wir schreiben dürfen, zeigt die erste Zeile"
    ),
    "it cannot be read ({words}); version 3 makes it with the first line": (
        "nicht lesbar ({words}); Version 3 legt ihn mit der ersten Zeile an"
    ),
    "look at messnetz status": "messnetz status ansehen",
    "is there and may be written to": "ist da und beschreibbar",
    "we may not write to it: {words}": "wir dürfen nicht hineinschreiben: {words}",
    "give the token the right to read and write this bucket": (
        "dem Token das Recht geben, diesen Bucket zu lesen und zu schreiben"
    ),
    "it is not there: {words}": "ist nicht da: {words}",
    "make it, or name the right one (version 1.8: database/retention_policy)": (
        "anlegen, oder den richtigen nennen (Version 1.8: datenbank/retention_policy)"
    ),
    "whether it may be written to cannot be told (HTTP {status})": (
        "ob wir hineinschreiben dürfen, ist nicht zu erfahren (HTTP {status})"
    ),
    "it cannot be read by InfluxQL, so there will be no finished hours: {words}": (
        "er lässt sich nicht mit InfluxQL lesen, daher entstehen keine fertigen Stunden: {words}"
    ),
    "give the token the right to read this bucket, too; an old version 2 may also need: influx v1 dbrp create"
    " --db {database} --rp autogen --default --bucket-id …": (
        "dem Token auch das Recht geben, diesen Bucket zu lesen; eine alte Version 2 braucht vielleicht auch:"
        " influx v1 dbrp create --db {database} --rp autogen --default --bucket-id …"
    ),
    "version 2 wants to know the organisation": "Version 2 will die Organisation wissen",
    "set influx.org to its name": "influx.org auf ihren Namen setzen",
    "how long it keeps points cannot be told": "wie lange er Punkte behält, ist nicht zu erfahren",
    "let the token read buckets, or look there": "das Token Buckets lesen lassen, oder dort nachsehen",
    "keeps points for ever": "behält Punkte für immer",
    "keeps points for {keeps}": "Aufbewahrung: {keeps}",
    "keeps points for {keeps} only": "Aufbewahrung: nur {keeps}",
    "finished hours and late uplinks need a day at least: lengthen the retention": (
        "fertige Stunden und verspätete Uplinks brauchen mindestens einen Tag: die Aufbewahrung verlängern"
    ),
    "keeps points for {keeps}, but lines of {day} wait for it": (
        "Aufbewahrung: {keeps}, aber es warten Zeilen vom {day}"
    ),
    "they will be refused and become dead letters: lengthen the retention before it takes them": (
        "sie werden abgewiesen und zu Dead Letters: die Aufbewahrung verlängern, bevor sie ankommen"
    ),
    "keeps points for {keeps}, but the quarantine holds messages of {day}": (
        "Aufbewahrung: {keeps}, aber in der Quarantäne liegen Nachrichten vom {day}"
    ),
    "lengthen the retention before they are replayed, or their points will be refused": (
        "die Aufbewahrung verlängern, bevor sie nachgeholt werden, sonst werden ihre Punkte abgewiesen"
    ),
}

SENTENCES: Mapping[str, str] = {**_TABLE, **_HERE, **_WAY, **_BROKERS, **_INFLUX}
