"""The InfluxDB of the settings: can it be reached, does it let us write, how long does it keep what comes."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import aiohttp

from devices.language import say
from ingest.doctor.age import old_lines
from ingest.doctor.ask_influx import Ask, session
from ingest.doctor.bucket import look_into
from ingest.doctor.certificate import judge_file, judge_tls, judge_way
from ingest.doctor.finding import Finding
from ingest.doctor.influx_server import about, judge_clock, judge_login, judge_version, login, version_of
from ingest.doctor.patience import PATIENCE_S, in_thread
from ingest.doctor.patient import Patient
from ingest.doctor.reach import Reached, reach
from ingest.settings import Influx
from ingest.tls_files import BadTlsFile, client_context


async def check(patient: Patient) -> Sequence[Finding]:
    """The database, where the settings name one."""
    influx = patient.settings.influx
    if patient.settings.store != "influx" or influx is None:
        return ()
    found, token = await _way(influx, patient)
    if token is None:
        return found
    try:
        async with session(influx, token) as ask:
            found += await _ask_all(ask, influx, patient)
    except TimeoutError:
        found.append(
            Finding(
                about(say("answers")),
                "wrong",
                say("it takes the connection and gives no answer within {s} s", s=int(PATIENCE_S)),
                say("see its log and its machine's load; what comes meanwhile waits in the spool"),
            )
        )
    except (aiohttp.ClientError, OSError) as error:
        no_http = isinstance(error, aiohttp.ClientResponseError)
        found.append(
            Finding(
                about(say("answers")),
                "wrong",
                say("what answers there does not speak HTTP") if no_http else say("the connection broke off"),
                say("check influx.url: is this InfluxDB?"),
            )
        )
    return found


async def _way(influx: Influx, patient: Patient) -> tuple[list[Finding], str | None]:
    """Name, TCP, TLS and the token's file; the token (empty: none) when all of it is right, else None."""
    url = urlsplit(influx.url)
    host, port = url.hostname or "", url.port or (443 if url.scheme == "https" else 80)
    safe = url.scheme == "https"
    try:
        context = client_context(influx.ca_file) if safe else None
    except BadTlsFile as fault:
        return [judge_file(about("TLS"), fault)], None
    try:
        reached = await in_thread(lambda: reach(host, port, context), 4 * PATIENCE_S)
    except TimeoutError:
        reached = Reached("silent")
    found = [judge_way(about(say("network")), reached, host, port, "influx.url")]
    if found[0].state == "ok" and safe:
        found.append(judge_tls(about("TLS"), host, reached, "influx.ca_file", patient.now_ns()))
    if found[-1].state == "wrong":
        return found, None
    try:
        token = influx.token_file.read_text().partition("\n")[0].strip() if influx.token_file else ""
    except (OSError, UnicodeDecodeError):
        return [
            *found,
            Finding(
                about(say("token")),
                "wrong",
                say("the token's file cannot be read"),
                say("write the token into the first line of {file}", file=influx.token_file),
            ),
        ], None
    return found, token


async def _ask_all(ask: Ask, influx: Influx, patient: Patient) -> list[Finding]:
    began_ns = patient.now_ns()
    ping = await ask("/ping")
    between_ns = (began_ns + patient.now_ns()) // 2
    major, version = version_of(ping)
    found = [judge_version(ping, version)]
    if found[0].state == "wrong":
        return found
    found += judge_clock(ping, between_ns)
    found.append(judge_login(await login(ask, influx, major), influx, major))
    if found[-1].state == "wrong":
        return found
    old = await in_thread(lambda: old_lines(patient.settings), 2 * PATIENCE_S)
    for name in dict.fromkeys(buckets(influx)):
        found += await look_into(ask, influx, name, major, old, patient.now_ns())
    return found


def buckets(influx: Influx) -> list[str]:
    """The buckets of readings, of hours and of bays; several may be one."""
    named = (influx.bucket, influx.hours_bucket, influx.bays_bucket)
    return [name or influx.bucket for name in named]
