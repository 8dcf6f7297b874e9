"""German for the operators' boards."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "{what}, as tables": "{what}, als Tabellen",
    "{what}, as a table": "{what}, als Tabelle",
    "Boards": "Tafeln",
    "The other boards, with what is chosen here": "Die anderen Tafeln, mit dem, was hier gewählt ist",
    "Devices and radio": "Geräte und Funk",
    "Batteries, silence, radio, lost uplinks, gateways and the quarantine.": (
        "Batterien, Stille, Funk, verlorene Uplinks, Gateways und die Quarantäne."
    ),
    "kept messages": "aufgehobene Meldungen",
    "Silence: who has been quiet for how long": "Stille: wer wie lange nichts gesagt hat",
    "No status in the last 15 minutes: Messnetz does not run, or nothing is chosen.": (
        "Kein Zustand in den letzten 15 Minuten: Messnetz läuft nicht, oder es ist nichts gewählt."
    ),
    "No device said anything of its battery.": "Kein Gerät sagte etwas von seiner Batterie.",
    "Battery (dashed: 20 %)": "Batterie (gestrichelt: 20 %)",
    "The last value of each interval in percent, a line a device that says percent.": (
        "Der letzte Wert jedes Zeitabschnitts in Prozent, eine Linie je Gerät, das Prozent nennt."
    ),
    "Battery": "Batterie",
    "Battery voltage": "Batteriespannung",
    "The last value of each interval in volts, a line a device that says volts.": (
        "Der letzte Wert jedes Zeitabschnitts in Volt, eine Linie je Gerät, das Volt nennt."
    ),
    "Signal strength (RSSI; dashed: −120 dBm)": "Signalstärke (RSSI; gestrichelt: −120 dBm)",
    "Means of the strongest gateway's RSSI in dBm. About −120 dBm and below, uplinks begin to be lost; a"
    " sudden fall is often an aerial, a parked lorry or a dead gateway near by.": (
        "Mittel des RSSI am stärksten Gateway in dBm. Um −120 dBm und darunter gehen die ersten Uplinks"
        " verloren; ein plötzlicher Abfall ist oft eine Antenne, ein parkender Lkw oder ein ausgefallenes"
        " Gateway in der Nähe."
    ),
    "RSSI": "RSSI",
    "Signal-to-noise ratio (SNR)": "Signal-Rausch-Abstand (SNR)",
    "Means in dB. LoRa still reads −7.5 dB at spreading factor 7 and −20 dB at 12; a fall without one of"
    " the RSSI is interference.": (
        "Mittel in dB. LoRa liest bei Spreizfaktor 7 noch −7,5 dB, bei 12 noch −20 dB; fällt der SNR und"
        " der RSSI nicht, stört ein anderer Sender."
    ),
    "SNR": "SNR",
    "Spreading factor": "Spreizfaktor",
    "The highest of each interval: 7 is fast and near, 12 slow and far, and costs battery and air time.": (
        "Der höchste jedes Zeitabschnitts: 7 ist schnell und nah, 12 langsam und weit, und kostet Batterie"
        " und Sendezeit."
    ),
    "Gateways that hear it": "Gateways, die es hören",
    "Mean number of gateways that heard an uplink. At 1 the device goes silent with its gateway.": (
        "Mittlere Zahl der Gateways, die einen Uplink hörten. Bei 1 verstummt das Gerät mit seinem Gateway."
    ),
    "Gateways": "Gateways",
    "Lost uplinks": "Verlorene Uplinks",
    "How many uplinks the frame counter says were lost on the way, by interval of at least an hour. A"
    " device that is silent loses none here: what is lost is seen with the next uplink only.": (
        "Wie viele Uplinks nach dem Frame-Zähler unterwegs verloren gingen, je Zeitabschnitt von mindestens"
        " einer Stunde. Ein stummes Gerät verliert hier nichts: Verlorenes zeigt sich erst mit dem nächsten"
        " Uplink."
    ),
    "Longest silence between two uplinks": "Längste Stille zwischen zwei Uplinks",
    "The longest time between two uplinks that ended in an interval of at least an hour.": (
        "Die längste Zeit zwischen zwei Uplinks, die in einem Zeitabschnitt von mindestens einer Stunde"
        " endete."
    ),
    "Longest silence": "Längste Stille",
    "No gateway is registered, or none reported.": "Kein Gateway ist registriert, oder keines hat berichtet.",
    "Packets that gateways heard": "Pakete, die Gateways hörten",
    "By interval of at least 10 minutes, of all senders near by. No point: the gateway was silent.": (
        "Je Zeitabschnitt von mindestens 10 Minuten, von allen Sendern in der Nähe. Kein Punkt: Das Gateway"
        " war stumm."
    ),
    "Packets heard": "Gehörte Pakete",
    "Packets that came damaged": "Pakete, die beschädigt ankamen",
    "Heard less whole ones, by interval of at least 10 minutes: collisions and noise on the air.": (
        "Gehörte weniger unversehrte, je Zeitabschnitt von mindestens 10 Minuten: Kollisionen und Störungen"
        " im Funk."
    ),
    "Damaged packets": "Beschädigte Pakete",
    "Quarantine: messages that wait for a repair": "Quarantäne: Meldungen, die auf eine Reparatur warten",
    "Messages of unknown devices and unreadable ones that are kept, of the whole service. `messnetz"
    " quarantine list` shows each with its reason; once the mistake is mended `messnetz quarantine replay`"
    " makes data of them.": (
        "Aufgehobene Meldungen unbekannter Geräte und unlesbare, vom ganzen Dienst. `messnetz quarantine"
        " list` zeigt jede mit ihrem Grund; ist der Fehler behoben, macht `messnetz quarantine replay`"
        " Daten daraus."
    ),
    "Why messages were quarantined": "Warum Meldungen in Quarantäne kamen",
    "None.": "Keine.",
    "Silence": "Stille",
    "Quarantine": "Quarantäne",
    "State": "Zustand",
    "Last uplink, ago": "Letzter Uplink vor",
    "Intervals without a word": "Intervalle ohne ein Wort",
    "Speaks every": "Meldet sich alle",
    "As of": "Stand",
    "of them whole": "davon unversehrt",
    "Packets sent": "Gesendete Pakete",
    "Kept messages": "Aufgehobene Meldungen",
    "Reason": "Grund",
    "Messages": "Meldungen",
    "No finished hours in the chosen time; the states below say why.": (
        "Keine fertigen Stunden in der gewählten Zeit; die Zustände unten sagen, warum."
    ),
    "24 h": "24 h",
    "8 h": "8 h",
    "Air quality": "Luftqualität",
    "Hourly means, their coverage and the index. No official measurements.": (
        "Stundenmittel, ihre Abdeckung und der Index. Keine amtlichen Messungen."
    ),
    "Hour from": "Stunde ab",
    "No official measurements": "Keine amtlichen Messungen",
    "These values come from **unofficial sensors**. They are **no official measurements** and cannot show"
    " whether a limit value is kept. The index is computed from hourly means by the bands that the"
    " Umweltbundesamt published in **2025**; it rests on what a site measures, and where that is fewer"
    " than five substances it is for orientation only. Values are rounded half up to whole µg/m³ before"
    " they are put into a band: our rule, the Umweltbundesamt names none. Dashed lines are guide values of"
    " the **WHO of 2021**; they are for means over 24 hours (ozone: 8 hours), a single hour above is no"
    " exceedance. An hour counts from 75 % coverage on. Suspect values count, for they may be true: the"
    " tables mark every hour that they went into, and a class that only they make raises an alarm from its"
    " second hour on.": (
        "Diese Werte stammen von **nicht amtlichen Sensoren**. Sie sind **keine amtlichen Messungen** und"
        " können nicht zeigen, ob ein Grenzwert eingehalten ist. Der Index ist aus Stundenmitteln nach den"
        " Schwellen berechnet, die das Umweltbundesamt **2025** veröffentlicht hat; er beruht auf dem, was"
        " ein Ort misst, und dient bei weniger als fünf Stoffen nur der Orientierung. Werte werden vor dem"
        " Einordnen kaufmännisch auf ganze µg/m³ gerundet: unsere Regel, das Umweltbundesamt nennt keine."
        " Gestrichelte Linien sind Richtwerte der **WHO von 2021**; sie gelten für Mittel über 24 Stunden"
        " (Ozon: 8 Stunden), eine einzelne Stunde darüber ist keine Überschreitung. Eine Stunde zählt ab 75"
        " % Abdeckung. Auffällige Werte zählen mit, denn sie können stimmen: Die Tabellen kennzeichnen jede"
        " Stunde, in die welche eingingen, und eine Klasse, die nur auf ihnen beruht, löst erst ab der"
        " zweiten Stunde Alarm aus."
    ),
    "No hour with an index in the chosen time.": "Keine Stunde mit Index in der gewählten Zeit.",
    "Index of the Umweltbundesamt (2025) by hour": "Index des Umweltbundesamts (2025) nach Stunden",
    "The class of each finished hour, a lane a sensor: ① very good to ⑤ very poor. The worst substance"
    " decides. No stretch where an hour had too little coverage.": (
        "Die Klasse jeder fertigen Stunde, eine Bahn je Sensor: ① sehr gut bis ⑤ sehr schlecht. Der"
        " schlechteste Stoff entscheidet. Keine Strecke, wo eine Stunde zu wenig Abdeckung hatte."
    ),
    "{substance}: hourly means (dashed: WHO 2021, {over}: {guide} µg/m³)": (
        "{substance}: Stundenmittel (gestrichelt: WHO 2021, {over}: {guide} µg/m³)"
    ),
    "Means over whole hours in µg/m³, a line a sensor, drawn at the hour's begin. Single points marked"
    " “incomplete” are hours with less than 75 % coverage: they are shown, and nothing is computed from"
    " them. Where nothing is drawn there were no values; the states below say why. The dashed line is the"
    " WHO's guide value of 2021 for means over {over}, not for single hours. No official measurements.": (
        "Mittel über ganze Stunden in µg/m³, eine Linie je Sensor, gezeichnet am Beginn der Stunde."
        " Einzelne Punkte mit „unvollständig“ sind Stunden mit weniger als 75 % Abdeckung: Sie werden"
        " gezeigt, gerechnet wird nicht mit ihnen. Wo nichts gezeichnet ist, gab es keine Werte; die"
        " Zustände unten sagen, warum. Die gestrichelte Linie ist der Richtwert der WHO von 2021 für Mittel"
        " über {over}, nicht für einzelne Stunden. Keine amtlichen Messungen."
    ),
    "{substance}: daily means (dashed: WHO 2021, 24 h: {guide} µg/m³)": (
        "{substance}: Tagesmittel (gestrichelt: WHO 2021, 24 Stunden: {guide} µg/m³)"
    ),
    "Coverage of the hours (dashed: 75 %, below it an hour does not count)": (
        "Abdeckung der Stunden (gestrichelt: 75 %, darunter zählt eine Stunde nicht)"
    ),
    "How much of each hour was measured, in percent: the lowest of all quantities of the sensor. A good"
    " value stands until the next one is due and a tenth longer; what is missing are values that were lost"
    " or failed their tests.": (
        "Wie viel jeder Stunde gemessen ist, in Prozent: die geringste aller Größen des Sensors. Ein guter"
        " Wert steht, bis der nächste fällig ist, und ein Zehntel länger; was fehlt, sind Werte, die verloren"
        " gingen oder ihre Prüfung nicht bestanden."
    ),
    "doubt": "Zweifel",
    "? with suspect values": "? mit auffälligen Werten",
    "To be known first": "Vorweg",
    "Index": "Index",
    "Hourly means": "Stundenmittel",
    "Daily means": "Tagesmittel",
    "Reasons for gaps": "Gründe für Lücken",
    "UBA 2025": "UBA 2025",
    "decided by": "entschieden von",
    "rests on": "beruht auf",
    "Europe 2024": "Europa 2024",
    "Coverage": "Abdeckung",
    "incomplete (under 75 %)": "unvollständig (unter 75 %)",
    "Day": "Tag",
    "Hours that count": "Gewertete Stunden",
    "Hours with suspect values": "Stunden mit auffälligen Werten",
    "YYYY-MM-DD HH:mm": "DD.MM.YYYY HH:mm",
    "{device}, incomplete": "{device}, unvollständig",
    "YYYY-MM-DD": "DD.MM.YYYY",
    "Free and occupied bays by lot, turnover and stay.": (
        "Freie und belegte Plätze nach Parkplatz, Umschlag und Parkdauer."
    ),
    "Lot": "Parkplatz",
    "○ free": "○ frei",
    "● occupied": "● belegt",
    "? unobserved": "? unbeobachtet",
    "Free, occupied and unobserved bays now": "Freie, belegte und unbeobachtete Plätze jetzt",
    "The newest count of each lot from the last hour; the table says as of when. Unobserved are bays whose"
    " sensor is silent or that said nothing yet: they count neither as free nor as occupied. Free ="
    " observed − occupied; unobserved = capacity − observed. A system that counts at the entrance observes"
    " all its bays: free = capacity − occupied.": (
        "Die neueste Zählung jedes Parkplatzes aus der letzten Stunde; die Tabelle nennt den Stand."
        " Unbeobachtet sind Stellplätze, deren Sensor schweigt oder noch nichts gesagt hat: Sie zählen"
        " weder als frei noch als belegt. Frei = beobachtet − belegt; unbeobachtet = Plätze insgesamt −"
        " beobachtet. Ein System, das an der Einfahrt zählt, beobachtet alle seine Plätze: frei = Plätze"
        " insgesamt − belegt."
    ),
    "Bays: what each said last": "Stellplätze: was jeder zuletzt sagte",
    "The newest report of every single bay in the chosen time. A bay speaks when it changes and at its"
    " heartbeat: an old report of a sensor that is well is still true. Empty where single bays are not"
    " kept that long.": (
        "Die neueste Meldung jedes einzelnen Stellplatzes in der gewählten Zeit. Ein Stellplatz meldet"
        " sich, wenn sich etwas ändert, und zum Lebenszeichen: Eine alte Meldung eines gesunden Sensors"
        " gilt noch. Leer, wo einzelne Stellplätze nicht so lange aufgehoben werden."
    ),
    "Occupied bays": "Belegte Plätze",
    "Means of the counts of every minute, a line a lot.": (
        "Mittel der Zählungen jeder Minute, eine Linie je Parkplatz."
    ),
    "Occupied share of the observed bays": "Belegter Anteil der beobachteten Plätze",
    "Occupied / observed, both summed over the interval. Unobserved bays are left out of the share; how"
    " many those are stands beside it. No line: no bay was observed.": (
        "Belegt / beobachtet, beide über den Zeitabschnitt summiert. Unbeobachtete Plätze bleiben außen"
        " vor; wie viele es sind, steht daneben. Keine Linie: Kein Platz war beobachtet."
    ),
    "Occupied share": "Belegter Anteil",
    "Unobserved bays": "Unbeobachtete Plätze",
    "Capacity less observed bays, means over the interval: how far the counts cannot be trusted.": (
        "Plätze insgesamt weniger beobachtete, Mittel über den Zeitabschnitt: wie weit den Zählungen nicht"
        " zu trauen ist."
    ),
    "No counts in the chosen time.": "Keine Zählungen in der gewählten Zeit.",
    "Arrivals by hour": "Ankünfte nach Stunden",
    "How many bays of a lot turned occupied in each finished hour, drawn at the hour's begin.": (
        "Wie viele Plätze eines Parkplatzes in jeder fertigen Stunde belegt wurden, gezeichnet am Beginn"
        " der Stunde."
    ),
    "Arrivals": "Ankünfte",
    "Mean stay by hour of departure": "Mittlere Parkdauer nach Stunde der Abfahrt",
    "Mean of the stays that ended in the hour; no point where none ended.": (
        "Mittel der Parkdauern, die in der Stunde endeten; kein Punkt, wo keine endete."
    ),
    "Mean stay": "Mittlere Parkdauer",
    "Turnover by day: arrivals a bay": "Umschlag nach Tagen: Ankünfte je Platz",
    "Mean stay by day": "Mittlere Parkdauer nach Tagen",
    "Bays that are not observed now": "Stellplätze, die jetzt nicht beobachtet sind",
    "Every chosen bay is observed.": "Jeder gewählte Stellplatz ist beobachtet.",
    "Now": "Jetzt",
    "The day's curve": "Der Tag im Verlauf",
    "Turnover and stay": "Umschlag und Parkdauer",
    "No count in the last hour.": "Keine Zählung in der letzten Stunde.",
    "Capacity": "Plätze insgesamt",
    "Bay": "Stellplatz",
    "State of the bay": "Belegung",
    "Since or as of": "Seit oder Stand",
    "Arrivals a bay": "Ankünfte je Platz",
    "Stays that ended": "Beendete Parkvorgänge",
    "Messnetz itself": "Messnetz selbst",
    "What comes in, what becomes of it, what waits, and what is wrong.": (
        "Was ankommt, was daraus wird, was wartet und was nicht stimmt."
    ),
    "waiting lines": "wartende Zeilen",
    "oldest line": "älteste Zeile",
    "waiting": "wartend",
    "free": "frei",
    "mistakes": "Fehler",
    "oldest unfinished hour": "älteste unfertige Stunde",
    "status rows": "Zustandszeilen",
    "Ready": "Bereit",
    "Nothing is wrong. Otherwise `/readyz` says what.": (
        "Alles in Ordnung. Sonst sagt `/readyz`, was nicht stimmt."
    ),
    "Yes: the registry's files remove many devices; `messnetz devices reload` asks whether they shall.": (
        "Ja: Die Dateien der Registrierung entfernen viele Geräte; `messnetz devices reload` fragt, ob sie"
        " das sollen."
    ),
    "Yes: a damaged spool was set aside since the start; `/readyz` names the file.": (
        "Ja: Seit dem Start wurde ein beschädigter Spool beiseitegelegt; `/readyz` nennt die Datei."
    ),
    "Messages received, by broker": "Empfangene Meldungen, nach Broker",
    "What became of messages": "Was aus Meldungen wurde",
    "Refusals by reason": "Ablehnungen nach Grund",
    "Messages in the chosen time that were not plainly stored, by outcome and reason. `messnetz quarantine"
    " list` shows those that are kept.": (
        "Meldungen der gewählten Zeit, die nicht einfach gespeichert wurden, nach Ausgang und Grund."
        " `messnetz quarantine list` zeigt, welche aufgehoben sind."
    ),
    "Refusals over time": "Ablehnungen im Verlauf",
    "Share of QoS 0, by broker": "Anteil QoS 0, nach Broker",
    "Messages that came at QoS 0 are lost while Messnetz is away. It should be 0 %: for ChirpStack set qos"
    " = 1 under [integration.mqtt]; The Things Stack can do no other.": (
        "Meldungen mit QoS 0 gehen verloren, während Messnetz weg ist. Es sollten 0 % sein: für ChirpStack"
        " qos = 1 unter [integration.mqtt] setzen; The Things Stack kann nichts anderes."
    ),
    "Share of QoS 0": "Anteil QoS 0",
    "Lines that wait for the store": "Zeilen, die auf die Datenbank warten",
    "How much stands in the spool. It rises while the store is away and falls when it is back.": (
        "Wie viel im Spool steht. Es wächst, während die Datenbank weg ist, und fällt, wenn sie wieder da"
        " ist."
    ),
    "Waiting lines": "Wartende Zeilen",
    "Age of the oldest waiting line": "Alter der ältesten wartenden Zeile",
    "How far the boards are behind. A few seconds are normal.": (
        "Wie weit die Tafeln zurück sind. Wenige Sekunden sind normal."
    ),
    "Age": "Alter",
    "Size of the waiting lines": "Größe der wartenden Zeilen",
    "Of at most `spool.waiting_bytes` (4 GiB unless set otherwise); then the brokers have to keep the"
    " rest.": (
        "Von höchstens `spool.waiting_bytes` (4 GiB, wenn nichts anderes eingestellt ist); dann müssen die"
        " Broker den Rest behalten."
    ),
    "Size": "Größe",
    "How long a write to the store takes": "Wie lange ein Schreiben in die Datenbank dauert",
    "Mean time of a batch until the store answered, by whether it took it. No line: nothing was written.": (
        "Mittlere Zeit eines Stapels, bis die Datenbank antwortete, danach, ob sie ihn nahm. Keine Linie:"
        " Nichts wurde geschrieben."
    ),
    "Time a batch": "Zeit je Stapel",
    "Batches, by result": "Stapel, nach Ergebnis",
    "Room left on the disk": "Freier Platz auf der Platte",
    "Of the file system of the state folder, where spool and archive lie.": (
        "Des Dateisystems mit dem Zustandsordner, in dem Spool und Archiv liegen."
    ),
    "Free": "Frei",
    "Mistakes in the registry's files": "Fehler in den Dateien der Registrierung",
    "A wrong entry leaves all others alone. `messnetz check` names file and line.": (
        "Ein falscher Eintrag lässt alle anderen in Ruhe. `messnetz check` nennt Datei und Zeile."
    ),
    "Mistakes": "Fehler",
    "Reloads of the registry, by result": "Neuladen der Registrierung, nach Ergebnis",
    "Reloads": "Neuladen",
    "Finished hours: how far behind": "Fertige Stunden: wie weit zurück",
    "Age of the oldest hour that is due and not written yet. Some minutes after each full hour are normal.": (
        "Alter der ältesten Stunde, die fällig und noch nicht geschrieben ist. Einige Minuten nach jeder"
        " vollen Stunde sind normal."
    ),
    "Status rows written": "Geschriebene Zustände",
    "Certificates: days until they expire": "Zertifikate: Tage bis zum Ablauf",
    "Of each broker that is reached over TLS and of InfluxDB. Renew below 30 days. Empty: none is used.": (
        "Jedes Brokers, der über TLS erreicht wird, und von InfluxDB. Unter 30 Tagen erneuern. Leer: Keines"
        " wird benutzt."
    ),
    "No certificate is used.": "Kein Zertifikat wird benutzt.",
    "Spool and store": "Spool und Datenbank",
    "Registry": "Registrierung",
    "Hours, status and certificates": "Stunden, Zustände und Zertifikate",
    "Brokers": "Broker",
    "Whether the subscription at each broker stands. No: `/readyz` says why.": (
        "Ob das Abonnement bei jedem Broker steht. Nein: `/readyz` sagt, warum."
    ),
    "Broker": "Broker",
    "Outcome": "Ausgang",
    "Result": "Ergebnis",
    "Of": "Von",
    "Days left": "Tage übrig",
    "Time": "Zeit",
    "Site": "Standort",
    "Device": "Gerät",
    "Why is there a gap? The state of every device": "Warum ist da eine Lücke? Der Zustand jedes Geräts",
    "Explains gaps in the charts: “speaks” and no values mean a quiet street; “sensor silent” that the"
    " sensor said nothing for six intervals, at least an hour; “gateway down” that its only gateway is"
    " off; “Messnetz stood still” that nobody listened. Where nothing is drawn at all, Messnetz does not"
    " run now: it writes what it missed when it starts again. Each stretch is the last state of an"
    " interval of at least 10 minutes; look closer by choosing a shorter time.": (
        "Erklärt Lücken in den Diagrammen: „meldet sich“ und keine Werte heißt leere Straße; „Sensor"
        " schweigt“, dass der Sensor sechs Intervalle lang, mindestens eine Stunde, nichts sagte; „Gateway"
        " ausgefallen“, dass sein einziges Gateway aus ist; „Messnetz stand still“, dass niemand zuhörte."
        " Wo gar nichts gezeichnet ist, läuft Messnetz gerade nicht: Was es verpasst hat, trägt es nach,"
        " wenn es wieder startet. Jede Strecke ist der letzte Zustand eines Zeitabschnitts von mindestens"
        " 10 Minuten; genauer wird es mit einer kürzeren Zeit."
    ),
    "No states: nothing is chosen, or Messnetz does not run.": (
        "Keine Zustände: Es ist nichts gewählt, oder Messnetz läuft nicht."
    ),
    "Device: intervals in each state": "Gerät: Zeitabschnitte in jedem Zustand",
    "City: map and all sites": "Stadt: Karte und alle Orte",
    "Where every sensor is, in which state it is, and what it said last.": (
        "Wo jeder Sensor ist, in welchem Zustand, und was er zuletzt gesagt hat."
    ),
    "Value": "Wert",
    "Value of": "Wert von",
    "District": "Stadtteil",
    "Municipality": "Kommune",
    "Map: the state of every site": "Karte: der Zustand jedes Orts",
    "All sites": "Alle Orte",
    "Devices by state": "Geräte nach Zustand",
    "How many registered devices are in which state now, of all municipalities, whatever is chosen above;"
    " counted by the service itself.": (
        "Wie viele registrierte Geräte jetzt in welchem Zustand sind, aus allen Kommunen, gleich was oben"
        " gewählt ist; vom Dienst selbst gezählt."
    ),
    "What the states mean": "Was die Zustände bedeuten",
    "**● speaks**: heard in time; an empty chart is an empty street. **✕ sensor silent**: nothing for six"
    " of its intervals, at least an hour (sensors that speak on events: two heartbeats): look at the"
    " sensor. **▲ gateway down**: the only gateway that hears it is silent: look at the gateway, the"
    " sensor is well. **■ Messnetz stood still**: nobody listened, broker or service were away; nothing is"
    " known of the sensor. **◆ maintenance**, **○ being set up**, **– taken down**: as the registry says.": (
        "**● meldet sich**: rechtzeitig gehört; ein leeres Diagramm ist eine leere Straße. **✕ Sensor"
        " schweigt**: sechs seiner Intervalle lang nichts, mindestens eine Stunde (Sensoren, die bei"
        " Ereignissen sprechen: zwei Lebenszeichen): beim Sensor nachsehen. **▲ Gateway ausgefallen**: Das"
        " einzige Gateway, das ihn hört, ist stumm: beim Gateway nachsehen, der Sensor ist vermutlich"
        " gesund. **■ Messnetz stand still**: Niemand hörte zu, Broker oder Dienst waren weg; über den"
        " Sensor ist nichts bekannt. **◆ Wartung**, **○ Einrichtung**, **– abgebaut**: wie es in der"
        " Registrierung steht."
    ),
    "Over time": "Im Verlauf",
    "Latitude": "Breite",
    "Longitude": "Länge",
    "Devices": "Geräte",
    "Vehicle class": "Fahrzeugklasse",
    "All": "Alle",
    "No complete hours in the chosen time; the states below say why.": (
        "Keine vollständigen Stunden in der gewählten Zeit; die Zustände unten sagen, warum."
    ),
    "Counts by direction, lane and class, the day's profile, the week and the days' totals.": (
        "Zählungen nach Richtung, Fahrstreifen und Klasse, Tagesgang, Woche und Tagessummen."
    ),
    "Counted": "Gezählt",
    "Direction": "Richtung",
    "Class": "Klasse",
    "Counted by direction": "Gezählt nach Richtung",
    "Counts of each complete hour, drawn at its begin, a line a sensor and direction, all chosen classes"
    " and all lanes together. An hour that misses an interval is not drawn, so a gap is no empty street:"
    " that is a line at 0. The states below say why there is a gap.": (
        "Zählungen jeder vollständigen Stunde, gezeichnet an ihrem Beginn, eine Linie je Sensor und"
        " Richtung, alle gewählten Klassen und alle Fahrstreifen zusammen. Eine Stunde, der ein"
        " Zeitabschnitt fehlt, wird nicht gezeichnet; eine Lücke ist also keine leere Straße, die wäre eine"
        " Linie bei 0. Die Zustände unten sagen, warum da eine Lücke ist."
    ),
    "Counted by lane": "Gezählt nach Fahrstreifen",
    "As by direction, a line a sensor and lane, both directions of a lane together. Only sensors that tell"
    " lanes or counting lines apart.": (
        "Wie nach Richtung, eine Linie je Sensor und Fahrstreifen, beide Richtungen eines Streifens"
        " zusammen. Nur Sensoren, die Fahrstreifen oder Zähllinien unterscheiden."
    ),
    "Counted by class": "Gezählt nach Klasse",
    "As by direction, a line a sensor and class, directions and lanes together. “all” is a sensor's own"
    " sum over its classes; a line without a class is of a sensor that tells none apart. A maker's own"
    " classes (class1, cat2) mean what its data sheet says. Classes of different lines are never added"
    " here.": (
        "Wie nach Richtung, eine Linie je Sensor und Klasse, Richtungen und Fahrstreifen zusammen. „alle"
        " Fahrzeuge“ ist die eigene Summe eines Sensors über seine Klassen; eine Linie ohne Klasse gehört"
        " zu einem Sensor, der keine unterscheidet. Eigene Klassen eines Herstellers (class1, cat2)"
        " bedeuten, was in seinem Datenblatt steht. Klassen werden hier nie zusammengezählt."
    ),
    "Mean speed": "Mittlere Geschwindigkeit",
    "Hourly means of the mean speeds that sensors report, in km/h, a line a sensor, direction, lane and"
    " class; not weighted by counts. Empty where no chosen sensor measures speed.": (
        "Stundenmittel der mittleren Geschwindigkeiten, die Sensoren melden, in km/h, eine Linie je Sensor,"
        " Richtung, Fahrstreifen und Klasse; nicht mit den Zählungen gewichtet. Leer, wo kein gewählter"
        " Sensor Geschwindigkeit misst."
    ),
    "The day's profile": "Tagesgang",
    "For each hour of the day (German time) the mean of its complete hours in the chosen time, a bar a"
    " sensor, all chosen classes, directions and lanes together. “07” is 7 to 8 o'clock. Choose whole"
    " weeks for a profile that no weekday outweighs; this is no DTV, which needs a year.": (
        "Für jede Stunde des Tages (deutsche Zeit) das Mittel ihrer vollständigen Stunden in der gewählten"
        " Zeit, ein Balken je Sensor, alle gewählten Klassen, Richtungen und Fahrstreifen zusammen. „07“"
        " ist 7 bis 8 Uhr. Ganze Wochen wählen, damit kein Wochentag überwiegt; ein DTV ist das nicht, der"
        " braucht ein Jahr."
    ),
    "Hour": "Stunde",
    "Mon": "Mo",
    "Tue": "Di",
    "Wed": "Mi",
    "Thu": "Do",
    "Fri": "Fr",
    "Sat": "Sa",
    "Sun": "So",
    "The week by hour at {place}": "Die Woche nach Stunden: {place}",
    "For each hour and weekday (German time) the mean of the complete hours in the chosen time at the one"
    " site that is chosen above as “Site of the week's table”, all chosen classes, directions and lanes"
    " together. “07” is 7 to 8 o'clock. Darker is more; the number says how much. Holidays count as the"
    " weekday they fall on.": (
        "Für jede Stunde und jeden Wochentag (deutsche Zeit) das Mittel der vollständigen Stunden in der"
        " gewählten Zeit an der einen Zählstelle, die oben als „Zählstelle der Wochentabelle“ gewählt ist,"
        " alle gewählten Klassen, Richtungen und Fahrstreifen zusammen. „07“ ist 7 bis 8 Uhr. Dunkler ist"
        " mehr; die Zahl sagt, wie viel. Feiertage zählen als der Wochentag, auf den sie fallen."
    ),
    "Totals by day": "Summen nach Tagen",
    "Site of the week's table": "Zählstelle der Wochentabelle",
    "By hour": "Nach Stunden",
    "Day and week": "Tag und Woche",
    "By day": "Nach Tagen",
    "No chosen sensor measured a speed.": "Kein gewählter Sensor hat eine Geschwindigkeit gemessen.",
    "● speaks": "● meldet sich",
    "✕ sensor silent": "✕ Sensor schweigt",
    "▲ gateway down": "▲ Gateway ausgefallen",
    "■ Messnetz stood still": "■ Messnetz stand still",
    "◆ maintenance": "◆ Wartung",
    "○ being set up": "○ Einrichtung",
    "– taken down": "– abgebaut",
    "① very good": "① sehr gut",
    "② good": "② gut",
    "③ moderate": "③ mäßig",
    "④ poor": "④ schlecht",
    "⑤ very poor": "⑤ sehr schlecht",
    "① good": "① gut",
    "② fair": "② angemessen",
    "⑥ extremely poor": "⑥ äußerst schlecht",
    "{quantity} in {unit}": "{quantity} in {unit}",
    "all vehicles": "alle Fahrzeuge",
    "cars": "Pkw",
    "lorries": "Lkw",
    "buses": "Busse",
    "bicycles": "Fahrräder",
    "motorcycles": "Motorräder",
    "on foot": "zu Fuß",
    "not told apart": "nicht unterschieden",
    "left to right": "nach rechts",
    "right to left": "nach links",
    "in": "hinein",
    "out": "hinaus",
    "both or unknown": "beide oder unbekannt",
    "● stored": "● gespeichert",
    "○ came twice": "○ kam doppelt",
    "◆ quarantined": "◆ in Quarantäne",
    "✕ rejected": "✕ abgelehnt",
    "– ignored": "– übergangen",
    "● yes": "● ja",
    "● no": "● nein",
    "✕ yes": "✕ ja",
    "✕ no": "✕ nein",
    "Arrivals of a calendar day in German time, divided by the lot's capacity. The table says of how many"
    " hours; fewer than 24 make it too small (23 and 25 where the clock changes). The last 14 days and"
    " today, which is not over; for others choose a time from … to ….": (
        "Ankünfte eines Kalendertags in deutscher Zeit, geteilt durch die Plätze insgesamt. Die Tabelle"
        " sagt, aus wie vielen Stunden; weniger als 24 machen ihn zu klein (23 und 25, wo die Uhr"
        " umgestellt wird). Die letzten 14 Tage und heute, der noch nicht vorbei ist; für andere Tage"
        " oben eine Zeit von … bis … wählen."
    ),
    "Mean of all stays that ended on a calendar day in German time: the hours' means, weighted by their"
    " departures. The last 14 days and today, which is not over; for others choose a time from … to ….": (
        "Mittel aller Parkdauern, die an einem Kalendertag in deutscher Zeit endeten: die Mittel der"
        " Stunden, gewichtet mit ihren Abfahrten. Die letzten 14 Tage und heute, der noch nicht vorbei"
        " ist; für andere Tage oben eine Zeit von … bis … wählen."
    ),
    "Means of the hourly means of a calendar day in German time, for days with at least 18 of them. The"
    " last 14 days and today, which is not over; for others choose a time from … to …. The dashed line is"
    " the WHO's guide value of 2021 for this mean. No official measurements.": (
        "Mittel der Stundenmittel eines Kalendertags in deutscher Zeit, für Tage mit mindestens 18 davon."
        " Die letzten 14 Tage und heute, der noch nicht vorbei ist; für andere Tage oben eine Zeit von …"
        " bis … wählen. Die gestrichelte Linie ist der Richtwert der WHO von 2021 für dieses Mittel."
        " Keine amtlichen Messungen."
    ),
    "The sum of the complete hours of a calendar day in German time, a bar a sensor and direction, all"
    " chosen classes and lanes together. The table says of how many hours; fewer than 24 make the total"
    " too small (23 and 25 where the clock changes). The last 14 days and today, which is not over; for"
    " others choose a time from … to ….": (
        "Die Summe der vollständigen Stunden eines Kalendertags in deutscher Zeit, ein Balken je Sensor"
        " und Richtung, alle gewählten Klassen und Fahrstreifen zusammen. Die Tabelle sagt, aus wie"
        " vielen Stunden; weniger als 24 machen die Summe zu klein (23 und 25, wo die Uhr umgestellt"
        " wird). Die letzten 14 Tage und heute, der noch nicht vorbei ist; für andere Tage oben eine Zeit"
        " von … bis … wählen."
    ),
    "Every chosen bay whose newest state of the last 15 minutes is another than “speaks”, with the time"
    " since its last uplink, the worst first. An empty table means that all are observed, or that"
    " Messnetz does not run (then the states below end too).": (
        "Jeder gewählte Stellplatz, dessen neuester Zustand der letzten 15 Minuten ein anderer als"
        " „meldet sich“ ist, mit der Zeit seit dem letzten Uplink, der schlimmste zuerst. Eine leere"
        " Tabelle heißt, dass alle beobachtet sind, oder dass Messnetz nicht läuft (dann enden auch die"
        " Zustände unten)."
    ),
    "Every chosen device by its newest status of the last 15 minutes. “Intervals without a word” is the"
    " time since its last uplink divided by how often it speaks: from 6 on, and after an hour at least, a"
    " sensor counts as silent (sensors that speak on events: from 2 heartbeats on). “Heard only by”: the"
    " one gateway that hears it, empty where several do: its name, or the network server's identifier of"
    " one that is not registered.": (
        "Jedes gewählte Gerät nach seinem neuesten Zustand der letzten 15 Minuten. „Intervalle ohne ein"
        " Wort“ ist die Zeit seit dem letzten Uplink, geteilt durch den Abstand, in dem es sich melden"
        " soll: Ab 6, frühestens nach einer Stunde, gilt ein Sensor als stumm (Sensoren, die bei"
        " Ereignissen sprechen: ab 2 Lebenszeichen). „Nur gehört von“: das eine, das ihn hört, leer, wo"
        " es mehrere sind: sein Name oder, wenn es nicht registriert ist, seine Kennung im"
        " Netzwerkserver."
    ),
    "One point a device with coordinates, from the newest status of the last 15 minutes. Its colour and"
    " the sign over it are its state, no sign: it speaks; a click shows the state in words and the value."
    " Devices without coordinates are in the table “All sites” only. An empty map means that Messnetz"
    " does not run. The viewer's browser loads the background from the map server that Grafana is set to"
    " (`[geomap]`).": (
        "Ein Punkt je Gerät mit Koordinaten, aus dem neuesten Zustand der letzten 15 Minuten. Seine Farbe"
        " und das Zeichen darüber sind sein Zustand, ohne Zeichen: meldet sich; ein Klick zeigt den"
        " Zustand in Worten und den Wert. Geräte ohne Koordinaten stehen nur in der Tabelle „Alle Orte“."
        " Eine leere Karte heißt, dass Messnetz nicht läuft. Den Hintergrund lädt der Browser von dem"
        " Kartenserver, der in Grafana eingestellt ist (`[geomap]`)."
    ),
    "The newest status of every registered device, with coordinates or without, from the last 15 minutes,"
    " the worst first. The value is the newest good one of the quantity beside it. “Heard only by” is the"
    " one gateway that hears it, empty where several do: its name, or the network server's identifier of"
    " one that is not registered. Nothing here means that Messnetz does not run.": (
        "Der neueste Zustand jedes registrierten Geräts, mit Koordinaten oder ohne, aus den letzten 15"
        " Minuten, der schlimmste zuerst. Der Wert ist der neueste gute der Größe daneben. „Nur gehört von“"
        " ist das eine, das ihn hört, leer, wo es mehrere sind: sein Name oder, wenn es nicht registriert"
        " ist, seine Kennung im Netzwerkserver. Steht hier nichts, läuft Messnetz nicht."
    ),
    "What each registered gateway reported in the chosen time: packets heard, those among them that were"
    " whole, packets sent. A gateway that is silent stands in the table of silence as “gateway down”, as"
    " do the sensors that only it hears.": (
        "Was jedes registrierte Gateway in der gewählten Zeit berichtete: gehörte Pakete, davon"
        " unversehrte, gesendete. Ein stummes Gateway steht in der Tabelle der Stille als „Gateway"
        " ausgefallen“, ebenso die Sensoren, die nur es hört."
    ),
    "What every chosen device that says percent said last of its battery in the chosen time, the weakest"
    " first.": (
        "Was jedes gewählte Gerät, das Prozent nennt, in der gewählten Zeit zuletzt von seiner Batterie"
        " sagte, die schwächste zuerst."
    ),
    "What every chosen device that says volts said last of its battery in the chosen time, the lowest"
    " first. What a voltage means depends on the battery (3.6 V lithium cells fall late and fast).": (
        "Was jedes gewählte Gerät, das Volt nennt, in der gewählten Zeit zuletzt von seiner Batterie"
        " sagte, die niedrigste zuerst. Was eine Spannung bedeutet, hängt von der Batterie ab"
        " (3,6-V-Lithiumzellen fallen spät und schnell)."
    ),
    "Yes: all is held up for want of room. The spool is full and the brokers keep the messages. Free the"
    " store.": (
        "Ja: Aus Platzmangel steht alles still. Der Spool ist voll, und die Broker behalten die"
        " Meldungen. Die Datenbank wieder erreichbar machen."
    ),
    "Batches a minute that the store took, or that wait because it could not be reached or refuses us;"
    " `/readyz` says why.": (
        "Stapel je Minute, die die Datenbank nahm oder die warten, weil sie nicht erreichbar war oder uns"
        " abweist; `/readyz` sagt, warum."
    ),
    "Messages a minute by outcome. “quarantined” and “rejected” are kept with their reasons.": (
        "Meldungen je Minute nach Ausgang. „in Quarantäne“ und „abgelehnt“ werden mit ihrem Grund aufgehoben."
    ),
    "Messages a minute that were not plainly stored, by reason.": (
        "Meldungen je Minute, die nicht einfach gespeichert wurden, nach Grund."
    ),
    "Messages a minute. 0 for long: the broker is quiet or unreachable, or the subscription is wrong.": (
        "Meldungen je Minute. Lange 0: Der Broker ist still oder nicht erreichbar, oder das Abonnement"
        " ist falsch."
    ),
    "Rows a minute of the devices' states, which are written by the clock. A pause of more than 5 minutes"
    " is a gap in the states.": (
        "Zeilen je Minute mit den Zuständen der Geräte, die nach der Uhr geschrieben werden. Eine Pause"
        " von mehr als 5 Minuten ist eine Lücke in den Zuständen."
    ),
    "Read but for mistakes: the wrong entries stay as they were. Waits for a yes: it removes many"
    " devices, see `messnetz devices reload`. Not read: the old one goes on.": (
        "Bis auf Fehler gelesen: Falsche Einträge bleiben, wie sie waren. Wartet auf ein Ja: Es"
        " verschwinden viele Geräte, siehe `messnetz devices reload`. Nicht gelesen: Die alten Dateien"
        " gelten weiter."
    ),
    "Messages by reason in the chosen time, of the whole service. `messnetz devices unknown` names those"
    " that speak and are not registered.": (
        "Meldungen nach Grund in der gewählten Zeit, vom ganzen Dienst. `messnetz devices unknown` nennt,"
        " wer spricht und nicht registriert ist."
    ),
    "Batches a minute": "Stapel je Minute",
    "Messages a minute": "Meldungen je Minute",
    "No room": "Platzmangel",
    "Heard only by": "Nur gehört von",
    "PM2.5": "PM2,5",
    "Reload waits": "Neuladen wartet",
    "Rows a minute": "Zeilen je Minute",
    "Sign": "Zeichen",
    "Spool damaged": "Spool beschädigt",
    "Weakest batteries, in percent": "Schwächste Batterien in Prozent",
    "Weakest batteries, in volts": "Schwächste Batterien in Volt",
    "codec: crashed": "Codec: abgestürzt",
    "codec: failed": "Codec: gescheitert",
    "codec: no usable result": "Codec: kein brauchbares Ergebnis",
    "codec: put aside for some minutes": "Codec: für Minuten beiseitegelegt",
    "codec: too much memory": "Codec: zu viel Speicher",
    "codec: took too long": "Codec: zu langsam",
    "ignored, as the registry says": "übergangen, wie die Registry sagt",
    "impossible time": "unmögliche Zeit",
    "no CBOR": "kein CBOR",
    "no JSON": "kein JSON",
    "no Protobuf": "kein Protobuf",
    "no decoded values": "keine dekodierten Werte",
    "no message of this network server": "keine Meldung dieses Netzwerkservers",
    "no reading in it": "kein Messwert darin",
    "none of its fields known": "kein Feld bekannt",
    "outside the dates of its installation": "außerhalb der Zeit seines Einbaus",
    "port that the type does not read": "Port, den der Typ nicht liest",
    "retained by the broker, so no news": "vom Broker aufgehoben, also nichts Neues",
    "some of its readings refused": "einige Messwerte abgelehnt",
    "too large": "zu groß",
    "values unreadable": "Werte unlesbar",
    "{name} ({sign})": "{name} ({sign})",
    "{quantity} (1: yes, 0: no)": "{quantity} (1: ja, 0: nein)",
    "{state} (it is not registered)": "{state} (es ist nicht registriert)",
    "◆ read but for mistakes": "◆ bis auf Fehler gelesen",
    "○ waits for a yes": "○ wartet auf ein Ja",
    "● read": "● gelesen",
    "● written": "● geschrieben",
    "✕ not read": "✕ nicht gelesen",
    "✕ store away or refuses": "✕ Datenbank weg oder weist ab",
    "Index of the Umweltbundesamt (2025): the newest hour of every sensor": (
        "Index des Umweltbundesamts (2025): die neueste Stunde jedes Sensors"
    ),
    "European index (2024): the newest hour of every sensor": (
        "Europäischer Index (2024): die neueste Stunde jedes Sensors"
    ),
    "The newest hour for which the index could be computed: its class, the substances that decide,"
    " whether suspect values went into those (“doubt”), and all that it rests on. “Coverage” is the"
    " lowest of all quantities of that hour.": (
        "Die neueste Stunde, für die sich der Index berechnen ließ: seine Klasse, die Stoffe, die den"
        " Ausschlag geben, ob auffällige Werte in sie eingingen („Zweifel“), und alle, auf denen er"
        " beruht. „Abdeckung“ ist die geringste aller Größen dieser Stunde."
    ),
}
