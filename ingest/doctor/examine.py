"""All checks at once, each with its end."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from devices.language import current, in_language, say
from ingest.doctor import brokers, clock, disk, influx, registry, service, settings, spool, store
from ingest.doctor.finding import Finding
from ingest.doctor.patient import Patient

Check = Callable[[Patient], Awaitable[Sequence[Finding]]]

#: In the order of the table, by name.
CHECKS: Mapping[str, Check] = {
    "settings": settings.check,
    "registry": registry.check,
    "service": service.check,
    "brokers": brokers.check,
    "influx": influx.check,
    "store": store.check,
    "spool": spool.check,
    "clock": clock.check,
    "disk": disk.check,
}
_TITLES: Mapping[str, str] = {
    "settings": say("settings"),
    "registry": say("registry"),
    "service": say("service"),
    "brokers": say("brokers"),
    "influx": "InfluxDB",
    "store": say("embedded store"),
    "spool": say("spool"),
    "clock": say("clock"),
    "disk": say("disk"),
}
#: Beyond the time of listening; every single step ends much earlier.
LONGEST_S = 90.0


def title(name: str) -> str:
    """What a check looks at, in the language in force."""
    return in_language(_TITLES.get(name, name), current())


async def examine(
    patient: Patient,
    checks: Mapping[str, Check] = CHECKS,
    on_done: Callable[[str], None] = lambda _name: None,
    longest_s: float = LONGEST_S,
) -> dict[str, Sequence[Finding]]:
    """What every check found, by its name; one that does not end or fails costs its own rows only."""

    async def one(name: str, check: Check) -> Sequence[Finding]:
        try:
            return await asyncio.wait_for(check(patient), longest_s + patient.listen_s)
        except TimeoutError:
            return [
                Finding(
                    title(name),
                    "unknown",
                    say("it came to no end within {s} s", s=int(longest_s + patient.listen_s)),
                    say("something it looks at hangs: a disk or a network share, perhaps"),
                )
            ]
        except Exception as error:  # noqa: BLE001  the other checks still have something to say
            return [
                Finding(
                    title(name),
                    "unknown",
                    say("the check itself failed: {error}", error=repr(error)),
                    say("please report this"),
                )
            ]
        finally:
            on_done(name)

    found = await asyncio.gather(*(one(name, check) for name, check in checks.items()))
    return dict(zip(checks, found, strict=True))
