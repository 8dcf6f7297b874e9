"""Every setting of `messnetz.yaml`, written once: the sentence under a field is its documentation.

`config/README.md`, `config/sample/messnetz.yaml` and `config/messnetz.schema.json` are generated from these
models (`make docs`) and a test keeps them current.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from devices.language import say
from devices.path import compile_path

#: In the state folder: where the running service listens to commands.
CONTROL_SOCKET = "control.sock"
#: In the state folder: exports under way to planners.
EXPORTS = "exports"

#: Formats whose servers leave the topic to their users.
FORMATS_WITHOUT_TOPICS = frozenset(
    {
        "custom",
        "everynet",
        "kerlink",
        "loriot",
        "milesight",
        "niotix",
        "senml",
        "sensor_community",
        "thingpark",
    }
)


def _path(text: str) -> str:
    compile_path(text)
    return text


Port = Annotated[int, Field(ge=1, le=65535)]
#: As in device types: keys with dots between them, or JMESPath.
JsonPath = Annotated[str, Field(min_length=1), AfterValidator(_path)]
OpenPort = Annotated[int, Field(ge=0, le=65535)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Tls(_Section):
    """Encryption to a broker or database."""

    ca_file: Path | None = None
    """Certificate authority that signed the server's certificate (PEM). Default: the system's own."""
    cert_file: Path | None = None
    """Our client certificate (PEM), where the server asks for one."""
    key_file: Path | None = None
    """The private key of `cert_file` (PEM)."""

    @model_validator(mode="after")
    def _key_with_cert(self) -> "Tls":
        if (self.cert_file is None) != (self.key_file is None):
            raise ValueError(say("cert_file and key_file go together: name both or neither"))
        return self


class Custom(_Section):
    """Where everything stands in JSON messages that no other format reads; for `format: custom`."""

    address: JsonPath | None = None
    """Path to the sender's DevEUI or name, as `device.eui`."""
    address_level: Annotated[int, Field(ge=-100, le=100)] | None = None
    """Level of the topic that is the DevEUI or name, where `address` finds none: 1 the first, -1 the last."""
    payload: JsonPath | None = None
    """Path to the payload as the device sent it, for a codec."""
    encoding: Literal["base64", "hex"] = "base64"
    """How `payload` is written."""
    object: JsonPath | None = None
    """Path to the object with the values, where they are decoded already; `"@"` is the whole message."""
    f_port: JsonPath | None = None
    """Path to the port (LoRaWAN)."""
    f_cnt: JsonPath | None = None
    """Path to the frame counter (LoRaWAN)."""
    time: JsonPath | None = None
    """Path to the time: RFC 3339, or s, ms, µs or ns since 1970. Default: when the message arrives."""
    id: JsonPath | None = None
    """Path to what is equal in messages of one frame and differs otherwise. Default: counter and payload."""
    rssi: JsonPath | None = None
    """Path to the signal strength in dBm of the best gateway."""
    snr: JsonPath | None = None
    """Path to the signal-to-noise ratio in dB of the best gateway."""
    gateways: JsonPath | None = None
    """Path to the number of gateways that heard it, or to a list with one item for each."""
    spreading_factor: JsonPath | None = None
    """Path to the spreading factor, a number."""

    @model_validator(mode="after")
    def _says_enough(self) -> "Custom":
        if self.address is None and not self.address_level:
            raise ValueError(
                say("custom needs the sender: `address`, a path, or `address_level`, from 1 on or from -1")
            )
        if self.payload is None and self.object is None:
            raise ValueError(say("custom needs what was said: the path to a `payload` or to an `object`"))
        return self


class Broker(_Section):
    """One MQTT broker and the network server that publishes there."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    """A short name for logs and metrics: lower-case letters, digits, `-`, `_`."""
    format: Literal[
        "auto",
        "chirpstack",
        "chirpstack_protobuf",
        "chirpstack_v3",
        "custom",
        "everynet",
        "helium",
        "kerlink",
        "loriot",
        "milesight",
        "niotix",
        "senml",
        "sensor_community",
        "thingpark",
        "ttn",
        "ttn_normalized",
    ]
    """Whose events: a network server's, `auto` (told by their shape) or `custom` (fields named below)."""
    host: str
    """Host name or address of the broker."""
    port: Port | None = None
    """Port of the broker. Default: 8883 with `tls`, else 1883."""
    topics: tuple[str, ...] = ()
    """Topic filters to subscribe to. Default: those of the format, where its server has usual topics."""
    custom: Custom | None = None
    """Where everything stands in the messages, for `format: custom`."""
    share: Annotated[str, Field(pattern=r"^[^/+#]+$")] | None = None
    """Name of a shared subscription (`$share/<name>/…`), for several instances behind one broker."""
    protocol: Literal["3.1.1", "5"] = "3.1.1"
    """MQTT version. 5 tells the broker our `receive_maximum` and how long to keep the session."""
    client_id: Annotated[str, Field(min_length=1, max_length=64)] = "messnetz"
    """Fixed name of the session that the broker keeps for us; unique on that broker."""
    credentials_file: Path | None = None
    """A file with the user name on its first line and the password on its second."""
    tls: Tls | None = None
    """Encrypt the connection; `tls: {}` does so with the system's authorities."""
    keepalive: Annotated[int, Field(ge=5, le=3600)] = 30
    """Seconds after which a silent connection is probed; a dead one is noticed within twice that."""
    receive_maximum: Annotated[int, Field(ge=1, le=65535)] = 500
    """MQTT 5: how many messages the broker may send ahead of our acknowledgements."""
    session_expiry: Annotated[int, Field(ge=0, le=4294967295)] = 604800
    """MQTT 5: seconds the broker keeps the session and its queue while we are away (a week)."""

    @field_validator("protocol", mode="before")
    @classmethod
    def _protocol_as_text(cls, value: object) -> object:
        return "5" if value == 5 else value  # to YAML an unquoted 5 is a number

    @model_validator(mode="after")
    def _format_is_whole(self) -> "Broker":
        if self.format == "custom" and self.custom is None:
            raise ValueError(say("format: custom needs a section `custom` that names the fields"))
        if self.format in FORMATS_WITHOUT_TOPICS and not self.topics:
            raise ValueError(
                say("format: {format} has no usual topics: name yours under `topics`", format=self.format)
            )
        return self

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to connect to."""
        return self.host, self.port or (8883 if self.tls else 1883)


class Influx(_Section):
    """An InfluxDB of version 1.8, 2 or 3."""

    url: Annotated[str, Field(pattern=r"^https?://[^/\s]+(/\S*)?$")]
    """Base address, as `http://localhost:8086`."""
    bucket: str
    """Bucket; for version 1.8 `database/retention_policy`, for version 3 the database."""
    hours_bucket: str | None = None
    """Bucket of the finished hours (every measurement `…_1h`), to keep them longer. Default: `bucket`."""
    bays_bucket: str | None = None
    """Bucket of what single parking bays say, to keep it shorter. Default: `bucket`."""
    org: str = ""
    """Organisation (version 2)."""
    token_file: Path | None = None
    """A file whose first line is the token; for version 1.8 `user:password`."""
    ca_file: Path | None = None
    """Certificate authority of an `https` address (PEM). Default: the system's own."""
    timeout: Annotated[float, Field(gt=0, le=300)] = 30
    """Seconds to wait for an answer to one request."""


class Spool(_Section):
    """What waits on our disk, and for how long."""

    waiting_bytes: Annotated[int, Field(ge=65536)] = 4 * 1024**3
    """Budget for lines that wait for the store; when full, nothing is acknowledged: the broker waits."""
    quarantine_bytes: Annotated[int, Field(ge=65536)] = 256 * 1024**2
    """Budget for messages kept because they were refused; the device that holds most gives up its oldest."""
    dead_letter_bytes: Annotated[int, Field(ge=65536)] = 256 * 1024**2
    """Budget for lines that the store refused, kept in the same way."""
    refusals_days: Annotated[int, Field(ge=1)] = 30
    """How long refusals are kept."""
    refusals_per_device: Annotated[int, Field(ge=1)] = 2000
    """How many refusals are kept of one device."""


class Archive(_Section):
    """Accepted uplinks, kept in the state folder so that mistakes can be corrected."""

    days: Annotated[int, Field(ge=1)] = 90
    """How many days are kept."""
    bytes: Annotated[int, Field(ge=1024**2)] = 8 * 1024**3
    """Budget for all days together; the oldest goes first. An uplink takes some 200 bytes."""


class Alarms(_Section):
    """When operators are told; `messnetz alarms --write` makes the rules of Grafana and Prometheus of it."""

    silent_minutes: Annotated[int, Field(ge=0, le=1440)] = 10
    """Minutes that a sensor or gateway must count as silent before the alarm: it may only be late."""
    battery_percent: Annotated[int, Field(ge=1, le=99)] = 20
    """Battery in % below which it is to be changed, where the device's type names no limit of its own."""
    air_class: Annotated[int, Field(ge=2, le=5)] = 4
    """Class of the UBA index that an hour must reach: 2 good, 3 moderate, 4 poor, 5 very poor."""
    stuck_days: Annotated[int, Field(ge=1, le=60)] = 7
    """Days without a change after which a parking sensor that still speaks counts as stuck."""
    stopped_minutes: Annotated[int, Field(ge=10, le=1440)] = 15
    """Minutes without anything of ours in the database; every device has a row every 5 minutes."""
    not_ready_minutes: Annotated[int, Field(ge=1, le=1440)] = 10
    """Minutes that `/readyz` may name a reason before the alarm."""
    quiet_minutes: Annotated[int, Field(ge=5, le=10080)] = 60
    """Minutes without an uplink of any sensor of a broker that we are connected to, where some are due."""
    behind_minutes: Annotated[int, Field(ge=1, le=10080)] = 15
    """Minutes that a line may wait for the database."""
    hours_behind: Annotated[int, Field(ge=1, le=168)] = 3
    """Hours that an hour may stay unfinished after it is due."""
    spool_percent: Annotated[int, Field(ge=1, le=99)] = 50
    """Share of `spool.waiting_bytes` in % that may be full."""
    quarantine_an_hour: Annotated[int, Field(ge=0)] = 100
    """Messages that may be refused in an hour: unknown devices and unreadable payloads together."""
    refused_an_hour: Annotated[int, Field(ge=0)] = 0
    """Lines that the database may refuse in an hour."""
    certificate_days: Annotated[int, Field(ge=1, le=365)] = 30
    """Days before a certificate's end."""
    disk_free_bytes: Annotated[int, Field(ge=0)] = 2 * 1024**3
    """Free space that the disk of the state folder must have."""


class Log(_Section):
    """What the service says while it runs."""

    format: Literal["console", "json"] = "console"
    """`console` for people, `json` for machines: one object a line."""
    level: Literal["debug", "info", "warning", "error"] = "info"
    """The least important events that are written."""


class Operators(_Section):
    """The operators' address: `/metrics`, `/healthz`, `/readyz`."""

    host: str = "127.0.0.1"
    """Address to listen on. It has no login: keep it on loopback or an internal network."""
    port: OpenPort = 9464
    """Port; 0 takes any free one and logs it."""


class Exports(_Section):
    """The planners' address: a page that builds exports, and the files themselves."""

    host: str = "127.0.0.1"
    """Address to listen on. It does not encrypt: for others put a reverse proxy with TLS before it."""
    port: OpenPort = 9465
    """Port; 0 takes any free one and logs it."""
    login_file: Path | None = None
    """A file with the user name on its first line and the password on its second. Without it: off."""
    partners_login_file: Path | None = None
    """Likewise for partners, who only get devices whose `publish` is `partners` or `open`."""
    at_once: Annotated[int, Field(ge=1, le=16)] = 2
    """Exports that are made at once; others wait their turn."""
    minutes: Annotated[int, Field(ge=1, le=240)] = 10
    """Minutes that making one may take."""
    megabytes: Annotated[int, Field(ge=1, le=100_000)] = 1000
    """Size that one may have."""

    @model_validator(mode="after")
    def _partners_beside_our_own(self) -> "Exports":
        if self.partners_login_file is not None and self.login_file is None:
            raise ValueError(
                say("partners_login_file needs login_file too: without it the address stays off")
            )
        return self


class Settings(_Section):
    """The whole of `messnetz.yaml`. Paths are relative to the file's own folder."""

    store: Literal["embedded", "influx"]
    """Where time series go: `influx`, or `embedded` (a file, for demos and towns up to 1000 devices)."""
    influx: Influx | None = None
    """The InfluxDB, for `store: influx`."""
    brokers: tuple[Broker, ...] = Field(min_length=1)
    """The MQTT brokers to read from, several at once."""
    devices: Path = Path("devices")
    """Folder with the registry: every `*.yaml` in it."""
    types: Path = Path("types")
    """Folder with the city's own device types, beside those that come with Messnetz."""
    codecs: Path = Path("codecs")
    """Folder with the `.js` codecs that device types name."""
    ignored: Path = Path("ignored.yaml")
    """File with devices that are not ours, whose uplinks are let go; `messnetz devices ignore` writes it."""
    periods: Path = Path("periods.yaml")
    """File with the times in which values are not valid; `messnetz devices maintenance` writes it."""
    language: Literal["de", "en"] | None = None
    """Language of what technicians read. Default: that of the locale, German or else English."""
    state: Path = Path("../state")
    """Folder for the spool, the embedded store and the control socket; of one running service only."""
    spool: Spool = Spool()
    """What waits on our disk."""
    archive: Archive = Archive()
    """How long accepted uplinks are kept."""
    operators: Operators = Operators()
    """The operators' address."""
    exports: Exports = Exports()
    """The planners' address."""
    alarms: Alarms = Alarms()
    """When operators are told."""
    log: Log = Log()
    """What the service says while it runs."""

    @model_validator(mode="after")
    def _influx_named(self) -> "Settings":
        if self.store == "influx" and self.influx is None:
            raise ValueError(say("store: influx needs a section `influx` with url and bucket"))
        return self

    @field_validator("brokers")
    @classmethod
    def _names_differ(cls, brokers: tuple[Broker, ...]) -> tuple[Broker, ...]:
        names = [broker.name for broker in brokers]
        if len(set(names)) < len(names):
            raise ValueError(say("two brokers have one name: give each its own"))
        sessions = [(broker.address, broker.client_id) for broker in brokers]
        if len(set(sessions)) < len(sessions):
            raise ValueError(
                say("two entries for one broker have one client_id: they would end each other's session")
            )
        return brokers
