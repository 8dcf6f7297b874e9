import re
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from ingest import __version__
from ingest.counts import Counts
from ingest.metrics import Gauges, SourceGauges, create_metrics, identities
from ingest.seams import Outcome
from tests import gauges as usual

QUIET = replace(
    usual.QUIET,
    devices=3,
    sources=(SourceGauges("main", connected=True), SourceGauges("second", connected=False, quiet_s=90.0)),
)


def scrape(counts: Counts, gauges: Gauges = QUIET, troubles: Sequence[str] = ()) -> dict[str, float]:
    """Every sample by name and labels, as a scrape spells them."""
    text = generate_latest(create_metrics(counts, lambda: gauges, lambda: troubles)).decode()
    return {
        re.sub(r"\{\}", "", sample.name + str(sample.labels).replace("'", "").replace(" ", "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def busy() -> Counts:
    """Counts after a day, both identities holding with 2 messages in flight and 30 lines waiting."""
    counts = Counts()
    counts.received.update(main=100, second=20)
    counts.received_qos0.update(second=20)
    counts.redelivered.update(main=3)
    counts.dropped.update(second=1)
    settled = (90, 5, 10, 8, 5)
    order = (Outcome.STORED, Outcome.DUPLICATE, Outcome.QUARANTINED, Outcome.REJECTED, Outcome.IGNORED)
    counts.outcomes.update(dict(zip(order, settled, strict=True)))
    counts.reasons.update({("rejected", "not_json"): 8, ("ignored", "txack"): 5})
    counts.lines_spooled, counts.lines_written, counts.lines_dead = 200, 160, 10
    return counts


BUSY = replace(QUIET, in_flight=2, lines_waiting=30)


def test_the_identities_hold_at_the_start_and_after_a_day() -> None:
    assert identities(Counts(), QUIET) == []
    assert identities(busy(), BUSY) == []


@pytest.mark.parametrize("outcome", Outcome)
def test_a_message_that_is_swallowed_breaks_the_first_identity(outcome: Outcome) -> None:
    counts = busy()
    counts.outcomes[outcome] -= 1
    assert len(identities(counts, BUSY)) == 1
    assert "120 received" in identities(counts, BUSY)[0]


@pytest.mark.parametrize("term", ["lines_spooled", "lines_written", "lines_dead"])
def test_a_line_that_is_swallowed_breaks_the_second_identity(term: str) -> None:
    counts = busy()
    setattr(counts, term, getattr(counts, term) + 1)
    assert len(identities(counts, BUSY)) == 1
    assert "30 waiting" in identities(counts, BUSY)[0]


def test_both_identities_can_break_at_once() -> None:
    assert len(identities(busy(), QUIET)) == 2


def test_a_scrape_shows_every_term_of_both_identities() -> None:
    shown = scrape(busy(), BUSY)
    settled = [value for name, value in shown.items() if name.startswith("messnetz_messages_settled_total")]
    assert len(settled) == len(Outcome)
    received = shown["messnetz_messages_received_total{source:main}"]
    received += shown["messnetz_messages_received_total{source:second}"]
    assert received == sum(settled) + shown["messnetz_messages_in_flight"]
    assert shown["messnetz_lines_spooled_total"] == (
        shown["messnetz_lines_written_total"]
        + shown["messnetz_lines_dead_total"]
        + shown["messnetz_lines_waiting"]
    )


def test_a_scrape_shows_why_messages_were_not_stored() -> None:
    shown = scrape(busy())
    assert shown["messnetz_messages_reasons_total{outcome:rejected,reason:not_json}"] == 8
    assert shown["messnetz_messages_reasons_total{outcome:ignored,reason:txack}"] == 5


def test_what_has_not_happened_yet_is_shown_as_zero() -> None:
    shown = scrape(Counts())
    for name in (
        "messnetz_messages_received_total{source:main}",
        "messnetz_messages_settled_total{outcome:stored}",
        "messnetz_messages_qos0_total{source:second}",
        "messnetz_store_requests_total{result:unavailable}",
        "messnetz_reloads_total{result:failed}",
        "messnetz_source_connects_total{source:second}",
    ):
        assert shown[name] == 0


def test_a_scrape_shows_the_state_of_each_source() -> None:
    shown = scrape(Counts())
    assert shown["messnetz_source_connected{source:main}"] == 1
    assert shown["messnetz_source_connected{source:second}"] == 0
    assert shown["messnetz_source_quiet_seconds{source:main}"] == 0
    assert shown["messnetz_source_quiet_seconds{source:second}"] == 90


@pytest.mark.parametrize(("troubles", "ready"), [((), 1), (("the store is away",), 0)])
def test_a_scrape_shows_whether_the_service_is_ready(troubles: Sequence[str], ready: int) -> None:
    assert scrape(Counts(), troubles=troubles)["messnetz_ready"] == ready


def test_the_age_of_the_oldest_waiting_line_is_in_seconds_and_zero_without_one() -> None:
    assert scrape(Counts())["messnetz_spool_oldest_waiting_seconds"] == 0
    shown = scrape(Counts(), replace(QUIET, oldest_waiting_ns=1_000_000_000))
    assert shown["messnetz_spool_oldest_waiting_seconds"] > 1_700_000_000


def test_a_scrape_shows_the_process_and_the_version() -> None:
    shown = scrape(Counts())
    assert shown["process_cpu_seconds_total"] > 0
    assert shown["process_resident_memory_bytes"] > 0
    assert any(name.startswith("messnetz_build_info{") and __version__ in name for name in shown)


def test_every_count_and_gauge_is_shown() -> None:
    """Each figure in turn is set to a value of its own and looked for."""
    missing = [field.name for field in fields(Counts) if 41 not in scrape(_set(field.name)).values()]
    for field in fields(Gauges):
        if isinstance(getattr(QUIET, field.name), int) and not isinstance(getattr(QUIET, field.name), bool):
            changes: dict[str, Any] = {field.name: 41}
            shown = scrape(Counts(), replace(QUIET, **changes)).values()
            missing += [] if 41 in shown else [field.name]
    assert missing == []


def _set(name: str) -> Counts:
    counts = Counts()
    keys = {"outcomes": Outcome.STORED, "replayed": Outcome.STORED, "reasons": ("rejected", "too_large")}
    if isinstance(getattr(counts, name), int):
        setattr(counts, name, 41)
    else:
        getattr(counts, name)[keys.get(name, "main")] = 41
    return counts


def test_names_are_ours_and_every_one_has_a_help_text() -> None:
    text = generate_latest(create_metrics(busy(), lambda: BUSY, list)).decode()
    families = list(text_string_to_metric_families(text))
    assert all(family.name.startswith(("messnetz_", "process_")) for family in families)
    assert all(family.documentation.endswith(".") for family in families)
    assert len(families) == len({family.name for family in families})
