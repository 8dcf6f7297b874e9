"""The way to an InfluxDB over HTTP: login, TLS, time-outs, and what goes wrong as `StoreUnavailable`."""

import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import msgspec

from devices.files import trouble
from ingest.seams import StoreUnavailable
from ingest.settings import Influx
from ingest.store.answers import understand
from ingest.store.version import major
from ingest.tls_files import BadTlsFile, client_context

#: Bytes of an answer that wait to be taken before no more are read; aiohttp's own 64 KiB stop it every 20 µs.
_AHEAD = 1 << 20


class InfluxHttp:
    """Connects when it is first asked, on the running event loop."""

    def __init__(self, settings: Influx, timeout: aiohttp.ClientTimeout) -> None:
        self._settings = settings
        self._timeout = timeout
        self.url = settings.url.rstrip("/")
        self.host = urlsplit(self.url).netloc.rpartition("@")[2]
        self.token = _Token(settings.token_file)
        self._session: aiohttp.ClientSession | None = None

    async def query(self, text: str, bucket: str) -> list[dict[str, Any]]:
        """The series that one InfluxQL statement gives."""
        answer = await self.request("POST", "/query", data=form(text, bucket))
        try:
            result = answer["results"][0]
        except (KeyError, IndexError, TypeError):
            raise self.stranger() from None
        if "error" in result:
            raise StoreUnavailable(f"InfluxDB cannot answer: {result['error']}", held=True)
        if any(one.get("partial") for one in result.get("series", ())):
            raise StoreUnavailable(
                "InfluxDB cut its answer short",
                hint="raise max-row-limit in influxdb.conf, or ask for less",
                held=True,
            )
        found: list[dict[str, Any]] = result.get("series", [])
        return found

    def stranger(self) -> StoreUnavailable:
        """What was answered is nothing that InfluxDB says."""
        return StoreUnavailable(
            f"something at {self.host} answers a question, but not as InfluxDB does",
            hint="check influx.url",
            held=True,
        )

    async def major_version(self) -> int:
        """1, 2 or 3."""
        async with self.asking("GET", "/ping") as answer:
            said = answer.headers.get("X-Influxdb-Version") or await answer.text()
        return major(said)

    async def request(self, method: str, path: str, **more: Any) -> Any:
        """One request, and the JSON that it was answered with."""
        async with self.asking(method, path, **more) as answer:
            return msgspec.json.decode(await answer.read() or b"null")

    @asynccontextmanager
    async def asking(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """One request, and an answer of success that has only begun to come."""
        async with self.speaking():
            said = {**(headers or {}), **self.token.headers()}
            async with self._connected().request(method, self.url + path, headers=said, **more) as answer:
                if answer.status not in (200, 204):
                    refusal = understand(answer.status, await answer.read(), answer.headers)
                    raise StoreUnavailable(f"InfluxDB refuses to answer: {refusal.words}", held=True)
                yield answer

    async def close(self) -> None:
        """Close the connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(ssl=client_context(self._settings.ca_file)),
                timeout=self._timeout,
                read_bufsize=_AHEAD,
            )
        return self._session

    @asynccontextmanager
    async def speaking(self) -> AsyncIterator[None]:
        """No answer, a broken or late one: `StoreUnavailable`."""
        try:
            yield
        except TimeoutError as error:
            waited = f"{self._settings.timeout:g} s"
            raise StoreUnavailable(f"InfluxDB at {self.host} does not answer within {waited}") from error
        except BadTlsFile as error:
            what, hint = error.what.in_language("en"), error.to_do.in_language("en")
            raise StoreUnavailable(
                f"no TLS with InfluxDB at {self.host}: influx.{what}", hint=hint, held=True
            ) from error
        except ssl.SSLError as error:
            what, hint = _why_no_tls(error)
            raise StoreUnavailable(
                f"no TLS with InfluxDB at {self.host}: {what}", hint=hint, held=True
            ) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise StoreUnavailable(f"InfluxDB at {self.host} gives no answer: {_why(error)}") from error


def form(text: str, bucket: str) -> dict[str, str]:
    """What is posted to `/query`: InfluxQL, and where it is asked; times are nanoseconds."""
    database, _, policy = bucket.partition("/")
    return {"db": database, "q": text, "epoch": "ns"} | ({"rp": policy} if policy else {})


def _why(error: aiohttp.ClientError | OSError | ValueError) -> str:
    """Why there is no answer, and what to look at, where we can tell."""
    match error:
        case aiohttp.ClientConnectorDNSError():
            return "its name cannot be resolved; check influx.url and the name server of this machine"
        case aiohttp.ClientConnectorError(os_error=ConnectionRefusedError()):
            return "nothing listens there; start it, or check influx.url"
        case aiohttp.ClientPayloadError():
            return "it broke off in the middle"
        case aiohttp.ClientResponseError():  # its words are what came, whatever that is
            return "what is there does not speak HTTP; check influx.url"
    return f"{type(error).__name__}: {error}"


def _why_no_tls(error: ssl.SSLError) -> tuple[str, str]:
    """Why TLS did not come about, and what to do."""
    match error:
        case aiohttp.ClientConnectorCertificateError(
            certificate_error=ssl.SSLCertVerificationError() as cause
        ):
            why = f"its certificate is not trusted ({cause.verify_message})"
            return why, "check influx.ca_file, and that influx.url has a name that is in the certificate"
        case aiohttp.ClientConnectorSSLError(os_error=ssl.SSLError(reason=str() as reason)):
            words = reason.replace("_", " ").lower()
            why = f"what answers there speaks no TLS that we know ({words})"
            return why, "check influx.url: http or https, and the port"
    return str(error), "check influx.ca_file and the name in influx.url"


class _Token:
    """The token of a file, read anew when the file changes, so that a rotated token needs no restart."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._stamp: tuple[int, int, int] | None = None
        self._headers: dict[str, str] = {}

    def headers(self) -> dict[str, str]:
        """The header that identifies us; all three versions take this form, 1.8 with `user:password`.

        None for an empty file: `messnetz init` begins with one, which InfluxDB's set-up fills.
        """
        if self._file is None:
            return {}
        try:
            stat = self._file.stat()
            stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            if stamp != self._stamp:
                first_line = self._file.read_text().partition("\n")[0].strip()
                self._headers = {"Authorization": f"Token {first_line}"} if first_line else {}
                self._stamp = stamp
        except (OSError, UnicodeDecodeError) as error:
            hint = "write the token into the first line of the file that influx.token_file names"
            what = trouble(error).in_language("en") if isinstance(error, OSError) else "is no text in UTF-8"
            raise StoreUnavailable(f"the token file {self._file} {what}", hint=hint, held=True) from None
        return self._headers
