"""What is known of an export beside its values: whose data they are, what stood where, how sure they are."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

import ingest
from devices.language import Language, in_language, say
from devices.publisher import Publisher
from devices.registry import Registry
from ingest.recompute.record import read_record
from ingest.settings import Settings
from publish.export.about import About, Place, Span
from publish.export.asked import asked, request
from publish.export.chosen import Chosen
from publish.export.places import municipalities, places
from publish.export.series import Gathered
from publish.export.statements import statements
from publish.export.without_eui import without_eui


def describe(
    chosen: Chosen, gathered: Gathered, registry: Registry, settings: Settings, lang: Language
) -> About:
    """All that a reader of this export must know, in this language. No text of it has an EUI in it."""
    where = places(chosen, gathered, registry)
    whose = tuple(_publishers(municipalities(chosen, gathered), registry))
    return About(
        title=_title(where, whose, lang),
        asked=asked(chosen, lang),
        begin_ns=chosen.period.begin_ns,
        end_ns=chosen.period.end_ns,
        timezone=chosen.zone.key,
        made_ns=chosen.now_ns,
        newest_ns=gathered.newest_ns,
        software=f"Messnetz {ingest.__version__}",
        registry=registry_version(registry),
        publishers=whose,
        places=where,
        spans=tuple(_spans(chosen, registry, settings)),
        statements=statements(chosen, gathered, where, whose, lang),
        lang=lang,
        audience=chosen.ask.audience,
        request=request(chosen.ask),
    )


def registry_version(registry: Registry) -> str:
    """Twelve hex digits that change with the device files, the types in use, their codecs and the periods.

    They are the same on every machine: neither folders nor times go in.
    """
    digest = hashlib.blake2b(digest_size=6)
    digest.update(b"".join(sorted(one.digest for one in registry.files.values())))
    types = {one.type.id: one.type for device in registry.devices.values() for one in device.installations}
    for name, kind in sorted(types.items()):
        source = registry.sources[name][0] if name in registry.sources else b""
        script = kind.script.digest if kind.script is not None else ""
        digest.update(b"%d:" % len(source) + source + f"{name}:{script}\n".encode())
    for device, several in sorted(registry.periods.items()):
        for one in several:
            digest.update(repr((device, one.begin_ns, one.end_ns, one.kind, one.reason)).encode())
    return digest.hexdigest()


def _title(where: Iterable[Place], whose: Iterable[Publisher], lang: Language) -> str:
    names = sorted({one.name for one in whose}) or sorted({one.municipality for one in where})
    return in_language(say("Measurements: {names}", names=", ".join(names)), lang)


def _publishers(whose: Iterable[str], registry: Registry) -> Iterator[Publisher]:
    for municipality in whose:
        found = registry.publishers.get(municipality)
        if found is not None and found.name:
            yield Publisher(
                municipality=without_eui(municipality),
                ags=found.ags,
                name=without_eui(found.name),
                contact=without_eui(found.contact),
                licence=without_eui(found.licence),
            )


def _spans(chosen: Chosen, registry: Registry, settings: Settings) -> Iterator[Span]:
    """Periods and recomputes that touch the time asked for, by device and time."""
    window = chosen.period
    found = [
        Span(device.id, one.kind, one.begin_ns, one.end_ns, one.reason)
        for device in chosen.devices
        for one in registry.periods.get(device.id, ())
    ]
    names = {device.id for device in chosen.devices}
    for entry in read_record(settings.state):
        told = entry.asked
        if entry.phase == "done" and not told.dry_run and told.device in names:
            found.append(Span(told.device, "recompute", told.begin_ns, told.end_ns, told.reason, entry.at_ns))
    touching = [
        one
        for one in found
        if one.begin_ns < window.end_ns and (one.end_ns is None or window.begin_ns < one.end_ns)
    ]
    for one in sorted(touching, key=lambda one: (one.device, one.begin_ns, one.kind, one.at_ns or 0)):
        yield replace(one, device=without_eui(one.device), reason=without_eui(one.reason))
