"""From the settings of a broker to a connected client, and from what went wrong to a sentence."""

import socket
import ssl
from pathlib import Path

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from devices.files import trouble
from ingest.daemon import in_daemon
from ingest.settings import Broker, Tls
from ingest.tls_files import BadTlsFile, client_context, expired

#: To resolve, connect and shake hands, each; and again for the broker to accept us and our subscription.
PATIENCE_S = 10.0

_PROTOCOLS = {"3.1.1": mqtt.MQTTv311, "5": mqtt.MQTTv5}
#: What to do, by the reason code of CONNACK or DISCONNECT (MQTT 5 §2.4; paho translates those of 3.1.1).
_ADVICE = {
    0x84: "set `protocol` to the version that it speaks",
    0x85: "choose another `client_id`",
    0x88: "it is overloaded or starting; we keep trying",
    0x8A: "ask whoever runs it why our `client_id` is banned",
    0x8D: "nothing came for longer than `keepalive`; see to the network between us",
    0x8E: "another client took over our session: `client_id` must be unique on a broker",
}
#: Reason codes of CONNACK that speak of user name, password or rights.
LOGIN_REFUSED = (0x86, 0x87)
_KEEPALIVE_TIMEOUT = 0x8D


class CannotConnect(Exception):
    """An attempt to connect failed; the sentence says why and what to do."""


class _TidySocket(ssl.SSLSocket):
    """Closes itself when the handshake fails: paho drops such a socket as it is."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


async def dial(broker: Broker) -> mqtt.Client:
    """Connect and send CONNECT; raises `CannotConnect`. The files are read anew each time: secrets rotate.

    The session outlives the connection, on both protocol versions; messages are acknowledged by hand.
    Files, DNS, TCP and TLS block, so they have a thread of their own: a name server or broker that hangs
    delays no other source, as it would in a pool, nor our exit, which waits for a pool but not for a daemon.
    """
    return await in_daemon(lambda: _dial(broker), f"dial {broker.name}")


def _dial(broker: Broker) -> mqtt.Client:
    client = _new_client(broker)
    client.connect_timeout = PATIENCE_S
    if broker.credentials_file is not None:
        client.username_pw_set(*credentials(broker.credentials_file))
    if broker.tls is not None:
        client.tls_set_context(tls_context(broker.tls))
    host, port = broker.address
    try:
        if broker.protocol == "5":
            session = _session_properties(broker)
            client.connect(host, port, broker.keepalive, clean_start=False, properties=session)
        else:
            client.connect(host, port, broker.keepalive)
    except (OSError, ValueError) as error:  # ValueError: a host name that IDNA or TLS cannot spell
        raise CannotConnect(_why_unreachable(error, broker)) from error
    return client


def _new_client(broker: Broker) -> mqtt.Client:
    return mqtt.Client(
        CallbackAPIVersion.VERSION2,
        client_id=broker.client_id,
        clean_session=None if broker.protocol == "5" else False,
        protocol=_PROTOCOLS[broker.protocol],
        reconnect_on_failure=False,
        manual_ack=True,
    )


def _session_properties(broker: Broker) -> Properties:
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho leaves it untyped
    properties.SessionExpiryInterval = broker.session_expiry
    properties.ReceiveMaximum = broker.receive_maximum
    return properties


def credentials(path: Path) -> tuple[str, str | None]:
    """User name and password of a file; raises `CannotConnect`, caused by what the system said of it."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except OSError as error:
        raise CannotConnect(f"`credentials_file` {path} {trouble(error).in_language('en')}") from error
    except UnicodeDecodeError as error:
        raise CannotConnect(f"`credentials_file` {path} is no text in UTF-8") from error
    if not lines or not lines[0]:
        raise CannotConnect(f"`credentials_file` {path}: the user name is missing on its first line")
    return lines[0], lines[1] if len(lines) > 1 else None


def tls_context(tls: Tls) -> ssl.SSLContext:
    """What the files under `tls` say; raises `CannotConnect`, caused by `BadTlsFile`."""
    try:
        context = client_context(tls.ca_file, tls.cert_file, tls.key_file)
    except BadTlsFile as error:
        raise CannotConnect(f"`tls`: {error}") from error
    context.sslsocket_class = _TidySocket
    return context


def _why_unreachable(error: OSError | ValueError, broker: Broker) -> str:
    match error:
        case socket.gaierror():
            return f"its name cannot be resolved ({words(error)}); check `host`"
        case ssl.SSLCertVerificationError():
            return (
                f"its certificate is not trusted ({error.verify_message}); check `tls.ca_file`, "
                "and that `host` is a name in the certificate"
            )
        case ssl.SSLError() | ConnectionResetError() if broker.tls is not None:
            return f"TLS failed ({words(error)}); check that `port` is its TLS port"
        case TimeoutError():
            return f"no answer within {PATIENCE_S:.0f} s; check `host`, `port` and the firewall"
        case ConnectionRefusedError():
            return "nothing listens there; check `host` and `port`, and that the broker runs"
        case _:
            return f"{words(error)}; check `host` and `port`"


def why_refused(code: ReasonCode, broker: Broker) -> str:
    """The sentence for a CONNACK that refuses us."""
    if code.value in LOGIN_REFUSED:
        advice = (
            f"check user name and password in {broker.credentials_file}"
            if broker.credentials_file
            else "it asks for a login: set `credentials_file`"
        )
    else:
        advice = _ADVICE.get(code.value, "see its log")
    return f"it refused us ({code}); {advice}"


def why_lost(code: ReasonCode, broker: Broker, *, told: bool) -> str:
    """The sentence for an end of which the broker `told` us by DISCONNECT (MQTT 5), or that we noticed."""
    if told:
        return f"it ended the connection ({code}); {_ADVICE.get(code.value, 'see its log')}"
    if code.value == _KEEPALIVE_TIMEOUT:
        return f"it did not answer our ping for {broker.keepalive} s; see to the network between us"
    return (
        f"the connection broke off ({code}); if this recurs, look for another client that uses "
        f"`client_id` {broker.client_id}"
    )


def why_unsubscribed(filters: list[str]) -> str:
    """The sentence for a SUBACK that refused these topic filters."""
    return f"it refused to subscribe us to {', '.join(filters)}; check `topics` and our rights on the broker"


def why_mute(packet: str) -> str:
    """The sentence for a broker that accepts the TCP connection and leaves a packet unanswered."""
    return f"it did not answer {packet} within {PATIENCE_S:.0f} s; check that `port` speaks MQTT"


def why_silent(broker: Broker) -> str:
    """The sentence for a broker that closed the connection before CONNACK."""
    if broker.tls is None:
        advice = "if this is its TLS port, set `tls: {}`"
    elif broker.tls.cert_file is None:
        advice = "it may ask for a client certificate: set `tls.cert_file` and `tls.key_file`"
    elif (day := expired(broker.tls.cert_file)) is not None:
        advice = f"our client certificate, `tls.cert_file` {broker.tls.cert_file}, expired on {day}: renew it"
    else:
        advice = "it may not know our client certificate: check `tls.cert_file`"
    return f"it closed the connection without a word; {advice}"


def words(error: Exception) -> str:
    """The system's words for an error, or the library's: OpenSSL's without the place in its source."""
    reason = getattr(error, "reason", None) if isinstance(error, ssl.SSLError) else None
    if reason:
        return str(reason).replace("_", " ").lower()
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
