"""MQTT in: from a broker's socket to deliveries, and from settled deliveries to acknowledgements.

paho-mqtt runs on our event loop through its documented socket callbacks. Every connection has a client of
its own, so an answer for an old connection has no way onto a new one.
"""

import asyncio
import random
import ssl
import time
from collections.abc import Callable
from typing import Any, Protocol

from paho.mqtt import client as mqtt
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from ingest import lns
from ingest.acknowledge import Acknowledgements
from ingest.dial import (
    PATIENCE_S,
    CannotConnect,
    dial,
    why_lost,
    why_mute,
    why_refused,
    why_silent,
    why_unsubscribed,
)
from ingest.seams import Delivery, Intake
from ingest.settings import Broker

#: At most this many messages before other sockets and timers get their turn.
MESSAGES_A_TURN = 500
#: A connection that stood this long ends a row of failures.
STEADY_S = 30.0
FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 30.0
#: How often keepalive and deadlines are looked at.
TICK_S = 1.0

_CONNECTING = "connecting"
_PAUSED = "paused until there is room"


class SourceEvents(Protocol):
    """What happens to a source, once each: log line and counter together."""

    def connected(self, source: str, *, session_present: bool, qos: int) -> None:
        """The subscription stands; `qos` is the lowest that the broker granted."""
        ...

    def subscribed_in_part(self, source: str, reason: str) -> None:
        """The broker refused some of the topics that are subscribed to by default; the others stand."""
        ...

    def disconnected(self, source: str, reason: str) -> None:
        """A connection whose subscription stood has ended."""
        ...

    def connect_failed(self, source: str, reason: str) -> None:
        """An attempt ended before the subscription stood."""
        ...

    def source_error(self, source: str, error: Exception) -> None:
        """A fault of ours, or bytes that paho could not digest; the source goes on."""
        ...


class MqttSource:
    """One broker as a `Source`. `jitter` returns values in [0, 1) that spread reconnects."""

    def __init__(
        self,
        broker: Broker,
        intake: Intake,
        events: SourceEvents,
        *,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.name = broker.name
        self.on_certificate: Callable[[bytes], object] = bytes  #: what the broker shows on connecting, DER
        self._broker = broker
        self._intake = intake
        self._events = events
        self._jitter = jitter
        self._wanted = asyncio.Event()
        self._wanted.set()
        self._connection: _Connection | None = None
        self._connections = 0
        self._why = _CONNECTING

    @property
    def connected(self) -> bool:
        """Whether the subscription stands."""
        return self._connection is not None and self._connection.stands

    @property
    def trouble(self) -> str:
        """Why it is not connected, as a sentence for `/readyz`; empty when it is."""
        host, port = self._broker.address
        return "" if self.connected else f"broker {self.name} ({host}:{port}): {self._why}"

    async def run(self) -> None:
        """Connect, stay connected, reconnect; returns only when cancelled."""
        failures = 0
        while True:
            await self._wanted.wait()
            steady = await self._attempt()
            failures = 0 if steady else failures + 1
            if self._wanted.is_set():
                await asyncio.sleep(backoff(failures, self._jitter()))

    def pause(self) -> None:
        """Disconnect without ending the session, and stay away until `resume`. Idempotent.

        Nothing is delivered after it has returned, even if it is called from within a delivery.
        """
        self._wanted.clear()
        self._why = _PAUSED
        if self._connection is not None:
            self._connection.end(_PAUSED)

    def resume(self) -> None:
        """Come back after `pause`. Idempotent."""
        if not self._wanted.is_set():
            self._why = _CONNECTING
            self._wanted.set()

    async def _attempt(self) -> bool:
        try:
            return await self._serve(await dial(self._broker))
        except CannotConnect as error:
            self._why = str(error)
        except Exception as error:  # noqa: BLE001  whatever it is, the next attempt may fare better
            self._why = f"failed on our side ({error!r})"
            self._events.source_error(self.name, error)
        self._events.connect_failed(self.name, self._why)
        return False

    async def _serve(self, client: mqtt.Client) -> bool:
        """See one connection to its end; returns whether it stood long enough to believe in the next."""
        self._connections += 1
        sock = client.socket()
        if isinstance(sock, ssl.SSLSocket) and (shown := sock.getpeercert(binary_form=True)):
            self.on_certificate(shown)
        connection = _Connection(client, self._connections, self._broker, self._intake, self._events)
        self._connection = connection
        if not self._wanted.is_set():
            connection.end(_PAUSED)
        try:
            await connection.run()
        finally:
            connection.close("stopped")
            self._connection = None
            self._why = connection.reason
            if connection.stood_s is not None:
                self._events.disconnected(self.name, self._why)
        if connection.stood_s is None:
            raise CannotConnect(self._why)
        return connection.stood_s >= STEADY_S


class _Connection:
    """One connection, from CONNECT on its way to its end: client, socket, unanswered messages."""

    def __init__(
        self, client: mqtt.Client, number: int, broker: Broker, intake: Intake, events: SourceEvents
    ) -> None:
        self._client = client
        self._number = number
        self._broker = broker
        self._intake = intake
        self._events = events
        self._loop = asyncio.get_running_loop()
        self._ended: asyncio.Future[str] = self._loop.create_future()
        self._stood_since: float | None = None
        self._accepted = False
        self._session_present = False
        self._received = 0
        self._acknowledgements = Acknowledgements(client.ack, self._on_second_settle)
        self._sock = client.socket()
        # what TLS has read ahead, of which the event loop's selector knows nothing
        self._pending = self._sock.pending if isinstance(self._sock, ssl.SSLSocket) else int
        self._filters = filters(broker)
        self._format = lns.format_name(broker)

    @property
    def stands(self) -> bool:
        """Whether the subscription stands."""
        return self._stood_since is not None and not self._ended.done()

    @property
    def stood_s(self) -> float | None:
        """For how long the subscription has stood; None if it never did."""
        return None if self._stood_since is None else time.monotonic() - self._stood_since

    @property
    def reason(self) -> str:
        """Why it ended."""
        return self._ended.result()

    async def run(self) -> None:
        """Return when the connection has ended."""
        self._attach()
        deadline = time.monotonic() + PATIENCE_S
        while not self._ended.done():
            if self._stood_since is None and time.monotonic() > deadline:
                self.end(why_mute("SUBSCRIBE" if self._accepted else "CONNECT"))
            self._client.loop_misc()
            await asyncio.wait([self._ended], timeout=TICK_S)

    def end(self, reason: str) -> None:
        """Read nothing more; the first reason counts. Safe from within a callback of paho, unlike `close`."""
        if not self._ended.done():
            self._ended.set_result(reason)
            self._unwatch()

    def close(self, reason: str) -> None:
        """Send what is on its way out and DISCONNECT, which keeps the session, and let go of the socket."""
        self.end(reason)
        self._acknowledgements.close()
        self._client.disconnect()
        self._client.loop_write()
        if (sock := self._client.socket()) is not None:  # it could not all be sent at once
            self._unwatch()
            sock.close()

    # --- the socket ------------------------------------------------------------------------------------

    def _attach(self) -> None:
        """From here on paho is driven by the event loop; until now it was the dialling thread's."""
        client = self._client
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect
        client.on_socket_close = self._on_socket_close
        client.on_socket_register_write = self._on_socket_register_write
        client.on_socket_unregister_write = self._on_socket_unregister_write
        if self._sock is None:
            self.end(why_silent(self._broker))
        elif not self._ended.done():
            self._loop.add_reader(self._sock, self._read)

    def _read(self) -> None:
        """Take what the socket holds, up to `MESSAGES_A_TURN`; paho reads one packet a call."""
        before = self._received
        try:
            while not self._ended.done() and self._received - before < MESSAGES_A_TURN:
                received = self._received
                self._client.loop_read()
                if self._received == received and not self._pending():
                    break
        except Exception as error:  # noqa: BLE001  paho leaves some malformed packets to its caller
            self._events.source_error(self._broker.name, error)
            self.end(f"what it sent is not MQTT that we understand ({error!r})")
        if self._received > before:
            self._drained()
        if not self._ended.done() and self._pending():
            self._loop.call_soon(self._read)

    def _drained(self) -> None:
        try:
            self._intake.on_drained()
        except Exception as error:  # noqa: BLE001  a fault of the intake's, reported; what came is kept
            self._events.source_error(self._broker.name, error)

    def _write(self) -> None:
        if self._sock is None:
            return
        self._client.loop_write()
        if (sock := self._client.socket()) is not None and self._client.want_write():
            self._loop.add_writer(sock, self._write)

    def _unwatch(self) -> None:
        sock, self._sock = self._sock, None
        if sock is not None:
            self._loop.remove_reader(sock)
            self._loop.remove_writer(sock)

    # --- callbacks of paho, on the loop's thread --------------------------------------------------------

    def _on_connect(
        self,
        client: mqtt.Client,
        _userdata: Any,
        flags: mqtt.ConnectFlags,
        code: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if code.is_failure:
            self.end(why_refused(code, self._broker))
            return
        self._accepted = True
        self._session_present = flags.session_present
        # also into a session that is present: the topics may have changed while we were away
        client.subscribe([(topic, 1) for topic in self._filters])

    def _on_subscribe(
        self,
        _client: mqtt.Client,
        _userdata: Any,
        _mid: int,
        codes: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        refused = [topic for topic, code in zip(self._filters, codes, strict=False) if code.is_failure]
        if refused and (self._broker.topics or len(refused) == len(codes)):
            self.end(why_unsubscribed(refused))
            return
        if refused:  # of our defaults: a broker may keep the gateways' own topics from us
            self._events.subscribed_in_part(self._broker.name, why_unsubscribed(refused))
        self._stood_since = time.monotonic()
        self._events.connected(
            self._broker.name,
            session_present=self._session_present,
            qos=min(code.value for code in codes if not code.is_failure),
        )

    def _on_message(self, _client: mqtt.Client, _userdata: Any, message: mqtt.MQTTMessage) -> None:
        if self._ended.done():  # paho reads several packets a call while a message of QoS 2 is under way
            return
        self._received += 1
        acknowledgement = self._acknowledgements.expect(message.mid, message.qos)
        try:
            self._intake.on_delivery(
                Delivery(
                    self._broker.name,
                    self._format,
                    _topic(message),
                    bytes(message.payload),
                    time.time_ns(),
                    message.qos,
                    message.retain,
                    message.dup,
                    self._number,
                    acknowledgement.settle,
                )
            )
        except Exception as error:  # noqa: BLE001  a fault of the intake's costs this message its answer
            self._acknowledgements.abandon(acknowledgement)
            self._events.source_error(self._broker.name, error)

    def _on_disconnect(
        self,
        _client: mqtt.Client,
        _userdata: Any,
        flags: mqtt.DisconnectFlags,
        code: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if not self._accepted and not flags.is_disconnect_packet_from_server:
            self.end(why_silent(self._broker))
        else:
            self.end(why_lost(code, self._broker, told=flags.is_disconnect_packet_from_server))

    def _on_socket_close(self, _client: mqtt.Client, _userdata: Any, _sock: Any) -> None:
        self._unwatch()  # before the descriptor is free to be another socket's

    def _on_socket_register_write(self, _client: mqtt.Client, _userdata: Any, _sock: Any) -> None:
        # not at once: all acknowledgements of this turn go out together
        self._loop.call_soon(self._write)

    def _on_socket_unregister_write(self, _client: mqtt.Client, _userdata: Any, sock: Any) -> None:
        if self._sock is not None:  # else `_unwatch` has done it, and the socket may be closed
            self._loop.remove_writer(sock)

    def _on_second_settle(self) -> None:
        self._events.source_error(self._broker.name, RuntimeError("a delivery was settled twice"))


def filters(broker: Broker) -> list[str]:
    """The topic filters to subscribe to, with the group of a shared subscription."""
    topics = broker.topics or lns.FORMATS[broker.format].TOPICS  # custom always names its own
    return [f"$share/{broker.share}/{topic}" if broker.share else topic for topic in topics]


def backoff(failures: int, jitter: float) -> float:
    """Seconds to wait after so many failures in a row: doubled up to `LONGEST_DELAY_S`, less up to a half."""
    delay = min(LONGEST_DELAY_S, FIRST_DELAY_S * 2.0 ** min(failures, 16))
    return delay * (1 - jitter / 2)


def _topic(message: mqtt.MQTTMessage) -> str:
    try:
        return message.topic
    except UnicodeDecodeError as error:
        return bytes(error.object).decode("utf-8", "backslashreplace")
