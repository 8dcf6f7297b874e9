"""The registry: mistakes in its files, and what its devices lack."""

from collections.abc import Iterator, Sequence

from devices.language import say
from devices.registry import Registry
from ingest.doctor.finding import Finding
from ingest.doctor.patient import Patient

#: Complaints and devices that are named.
NAMED = 3


async def check(patient: Patient) -> Sequence[Finding]:
    """The registry as its files say it now, and whether the service uses the same."""
    return [*_judge_files(patient.registry), *_judge_devices(patient), *_judge_reload(patient)]


def _judge_files(registry: Registry) -> Iterator[Finding]:
    subject = say("registry")
    if registry.complaints:
        count = len(registry.complaints)
        named = "; ".join(one.sentence for one in registry.complaints[:NAMED])
        yield Finding(
            subject,
            "wrong",
            say("mistakes in its files: {count}. {named}", count=count, named=named),
            say("messnetz check names them all; a device with a mistake is not registered"),
        )
    elif not registry.devices:
        yield Finding(
            subject,
            "warning",
            say("no device is registered: nothing becomes a time series"),
            "messnetz devices add",
        )
    else:
        yield Finding(
            subject,
            "ok",
            say(
                "{devices} devices, {types} types known",
                devices=len(registry.devices),
                types=len(registry.types),
            ),
        )


def _judge_devices(patient: Patient) -> Iterator[Finding]:
    subject, now_ns = say("devices"), patient.now_ns()
    current = [
        (device, device.installations[-1])
        for device in patient.registry.devices.values()
        if device.installations
        and (device.installations[-1].end_ns is None or device.installations[-1].end_ns > now_ns)
    ]
    nowhere = [device.id for device, _ in current if device.lat is None]
    if nowhere:
        yield Finding(
            subject,
            "warning",
            say("{count} without a location: the map does not show them ({named})", **_named(nowhere)),
            say("add `location: {{lat: …, lon: …}}` to them"),
        )
    timeless = [
        device.id
        for device, last in current
        if not (device.interval_s or last.type.interval_s or last.type.heartbeat_s)
    ]
    if timeless:
        yield Finding(
            subject,
            "warning",
            say(
                "{count} without an interval: their silence is noticed after an hour only ({named})",
                **_named(timeless),
            ),
            say("add `interval: 10min` or whatever they are set to"),
        )
    ended = len(patient.registry.devices) - len(current)
    if ended:
        yield Finding(subject, "ok", say("{count} are retired", count=ended))


def _named(ids: Sequence[str]) -> dict[str, object]:
    more = ", …" if len(ids) > NAMED else ""
    return {"count": len(ids), "named": ", ".join(ids[:NAMED]) + more}


def _judge_reload(patient: Patient) -> Iterator[Finding]:
    status = patient.service.status
    if not status:
        return
    subject = say("reload")
    if status.get("reload_waiting"):
        yield Finding(
            subject,
            "wrong",
            say(
                "the files would remove many devices; until that is confirmed the old registry stays in force"
            ),
            say("look at the files; if it is meant: messnetz devices reload --confirm"),
        )
    elif status["devices"] != len(patient.registry.devices):
        yield Finding(
            subject,
            "warning",
            say(
                "the service uses {used} devices, the files have {there}",
                used=status["devices"],
                there=len(patient.registry.devices),
            ),
            say("correct the files: the service then takes them by itself")
            if patient.registry.complaints
            else "messnetz devices reload",
        )
    else:
        yield Finding(subject, "ok", say("the service uses what the files say"))
