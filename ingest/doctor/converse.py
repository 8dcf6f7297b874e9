"""One conversation with a broker as a stranger to all its sessions: login, topics, a while of listening.

A random client id and a clean session: nobody's session is ended, nobody's queue touched, nothing stays at
the broker. The plain filters, never `$share`, so that no message is taken from anybody. It blocks.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from ingest.dial import credentials, tls_context
from ingest.doctor.patience import PATIENCE_S
from ingest.settings import Broker

#: Everything but the listening: name, TCP, TLS, CONNECT, SUBSCRIBE, UNSUBSCRIBE, the broker's figures.
TALK_S = 8 * PATIENCE_S
#: Messages that are looked at; more are only counted.
LOOKED_AT = 1000
#: Bytes of a message that is looked at; uplinks have some thousand.
LARGEST = 65536
#: How long the broker's own figures, which it keeps for whoever asks, are waited for.
_FIGURES_S = 2.0
#: Mosquitto's version and what it dropped for want of room; versions of brokers with several nodes (EMQX).
_VERSION, _DROPPED = "$SYS/broker/version", "$SYS/broker/publish/messages/dropped"
_FIGURES = (_VERSION, _DROPPED, "$SYS/brokers/+/version")
_TURN_S = 0.1


@dataclass(frozen=True, slots=True)
class Message:
    """One message heard."""

    topic: str
    payload: bytes
    arrival_ns: int


@dataclass(slots=True)
class Conversation:
    """What the broker said, as far as it went."""

    refusal: int | None = None  #: reason code of CONNACK (MQTT 5 §2.4); 0: let in; None: it never answered
    refusal_words: str = ""
    hung_up: bool = False  #: the broker ended the connection
    limits: dict[str, int] = field(default_factory=dict)  #: of CONNACK, by paho's names; MQTT 5 only
    granted: dict[str, int] | None = None  #: QoS or reason code by topic filter; None: not answered
    listened_s: float = 0.0
    count: int = 0  #: messages heard while listening
    heard: list[Message] = field(default_factory=list)  #: the first of them
    version: str = ""  #: of the broker
    dropped: int | None = None  #: by the broker, for want of room in some client's queue


def converse(
    broker: Broker, filters: Sequence[str], listen_s: float, *, stop: Callable[[], bool] = lambda: False
) -> Conversation:
    """Talk and hang up; raises `OSError`, `ValueError` or `CannotConnect` when there is no connection."""
    return _Talk(broker, filters, stop).run(listen_s)


class _Talk:
    def __init__(self, broker: Broker, filters: Sequence[str], stop: Callable[[], bool]) -> None:
        self._broker = broker
        self._filters = list(filters)
        self._stop = stop
        self._said = Conversation()
        self._answered: set[int] = set()
        self._gone = False
        self._listening = False
        self._five = broker.protocol == "5"
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"messnetz-doctor-{uuid4().hex[:12]}",
            clean_session=None if self._five else True,
            protocol=mqtt.MQTTv5 if self._five else mqtt.MQTTv311,
            reconnect_on_failure=False,
        )

    def run(self, listen_s: float) -> Conversation:
        client, said = self._client, self._said
        self._connect()
        self._turn(PATIENCE_S, lambda: said.refusal is not None)
        if said.refusal == 0 and self._filters:
            self._ask_for_topics()
            if said.granted and not self._gone:
                self._listen(listen_s)
        client.disconnect()
        client.loop(timeout=_TURN_S)
        if (sock := client.socket()) is not None:  # a broker that takes no goodbye
            sock.close()
        return said

    def _connect(self) -> None:
        client = self._client
        client.on_connect, client.on_disconnect = self._on_connect, self._on_disconnect
        client.on_subscribe, client.on_message = self._on_subscribe, self._on_message
        client.on_unsubscribe = self._on_unsubscribe
        client.connect_timeout = PATIENCE_S
        if self._broker.credentials_file is not None:
            client.username_pw_set(*credentials(self._broker.credentials_file))
        if self._broker.tls is not None:
            client.tls_set_context(tls_context(self._broker.tls))
        host, port = self._broker.address
        if self._five:
            client.connect(host, port, self._broker.keepalive, clean_start=True)
        else:
            client.connect(host, port, self._broker.keepalive)

    def _ask_for_topics(self) -> None:
        """At QoS 1, for that is what the service asks for, and no longer than until the answer is there."""
        _, mid = self._subscribe(self._filters, qos=1)
        self._turn(PATIENCE_S, lambda: self._said.granted is not None)
        if self._said.granted is not None:
            _, mid = self._client.unsubscribe(self._filters)
            self._turn(PATIENCE_S, lambda: mid in self._answered)

    def _listen(self, seconds: float) -> None:
        granted = self._said.granted or {}
        wanted = [topic for topic in self._filters if granted.get(topic, 0x80) < 0x80]
        if wanted and seconds > 0:
            self._listening = True
            began = time.monotonic()
            self._subscribe(wanted, qos=0)
            self._turn(seconds, lambda: False)
            self._said.listened_s = time.monotonic() - began
            self._listening = False
            if not self._gone:
                self._client.unsubscribe(wanted)
        # last, for some brokers end a connection that asks for what it may not see
        self._subscribe(_FIGURES, qos=0)
        self._turn(_FIGURES_S, lambda: bool(self._said.version) and self._said.dropped is not None)

    def _subscribe(self, filters: Sequence[str], *, qos: int) -> tuple[Any, Any]:
        if self._five:  # without what is kept there from former times, except for the broker's own figures
            kept = 0 if filters == _FIGURES else 2
            return self._client.subscribe(
                [(topic, SubscribeOptions(qos=qos, retainHandling=kept)) for topic in filters]
            )
        return self._client.subscribe([(topic, qos) for topic in filters])

    def _turn(self, seconds: float, done: Callable[[], bool]) -> None:
        """Drive the connection until `done`, the end of the time, or of the connection."""
        deadline = time.monotonic() + seconds
        while not (done() or self._gone or self._stop() or time.monotonic() > deadline):
            if self._client.loop(timeout=_TURN_S) != mqtt.MQTT_ERR_SUCCESS:
                self._gone = True
        self._said.hung_up = self._gone

    # --- callbacks of paho, on this thread -------------------------------------------------------------

    def _on_connect(
        self,
        _client: mqtt.Client,
        _userdata: Any,
        _flags: mqtt.ConnectFlags,
        code: ReasonCode,
        properties: Properties | None,
    ) -> None:
        self._said.refusal = code.value if code.is_failure else 0
        self._said.refusal_words = str(code)
        if properties is not None:
            said = properties.json()  # type: ignore[no-untyped-call]  # paho leaves it untyped
            self._said.limits = {name: value for name, value in said.items() if isinstance(value, int)}

    def _on_subscribe(
        self,
        _client: mqtt.Client,
        _userdata: Any,
        _mid: int,
        codes: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        if self._said.granted is None:
            pairs = zip(self._filters, codes, strict=False)
            self._said.granted = {topic: code.value for topic, code in pairs}

    def _on_unsubscribe(
        self, _client: mqtt.Client, _userdata: Any, mid: int, _codes: Any, _properties: Any
    ) -> None:
        self._answered.add(mid)

    def _on_disconnect(
        self, _client: mqtt.Client, _userdata: Any, _flags: Any, _code: Any, _properties: Any
    ) -> None:
        self._gone = True

    def _on_message(self, _client: mqtt.Client, _userdata: Any, message: mqtt.MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            return
        if topic.startswith("$SYS/"):
            self._figure(topic, bytes(message.payload).decode(errors="replace"))
        elif self._listening and not message.retain:
            self._said.count += 1
            if len(self._said.heard) < LOOKED_AT and len(message.payload) <= LARGEST:
                self._said.heard.append(Message(topic, bytes(message.payload), time.time_ns()))

    def _figure(self, topic: str, text: str) -> None:
        if topic == _DROPPED:
            self._said.dropped = int(text) if text.isdecimal() else None
        elif topic.endswith("/version"):
            self._said.version = text[:60]
