"""What waits on our disk: lines for the store, messages and lines that were refused, damaged files."""

from collections import Counter
from collections.abc import Iterator, Sequence

from devices.language import say
from ingest import spool_read
from ingest.doctor.finding import Finding, size, span
from ingest.doctor.patience import PATIENCE_S, in_thread
from ingest.doctor.patient import Patient
from ingest.doctor.rights import is_closed
from ingest.errors import SpoolError
from ingest.settings import Settings
from ingest.spool.disk import Figures
from ingest.spool.quarantine import KeptReason
from ingest.spool.service import FILE_NAME

#: Reasons that are shown.
SHOWN = 4
#: From this share of its budget on the spool is about to stop acknowledging.
NEARLY_FULL = 0.8
#: The oldest line should not wait longer while the service runs.
BEHIND_S = 300.0
#: Groups of dead letters that are counted.
_GROUPS = 10_000


async def check(patient: Patient) -> Sequence[Finding]:
    """The spool of the state folder, read beside the service or without one."""
    state = patient.settings.state
    if is_closed(state) or is_closed(state / FILE_NAME):
        to_do = say("run this as the user that runs the service")
        return [Finding(say("spool"), "unknown", say("this user may not read it"), to_do)]
    found = list(_judge_damage(patient.settings))
    try:
        figures, reasons, dead = await in_thread(
            lambda: (
                spool_read.figures(state),
                spool_read.kept_reasons(state),
                spool_read.dead_summary(state, limit=_GROUPS)[0],
            ),
            4 * PATIENCE_S,
        )
    except SpoolError as error:
        if not (state / FILE_NAME).exists():
            return [*found, Finding(say("spool"), "ok", say("nothing ran here yet"))]
        return [*found, Finding(say("spool"), "wrong", str(error), str(error.hint))]
    found += _judge_waiting(figures, patient)
    found += _judge_quarantine(reasons)
    kinds: Counter[str] = Counter()
    words: dict[str, str] = {}
    for one in dead:
        kinds[one.kind] += one.count
        words.setdefault(one.kind, one.reason)
    found += _judge_dead(kinds, words)
    return found


def _judge_damage(settings: Settings) -> Iterator[Finding]:
    state = settings.state
    damaged = [
        *(path for path in state.glob("spool.db.damaged-*") if not path.name.endswith(("-wal", "-shm"))),
        *state.glob("archive/*.damaged"),
    ]
    if damaged:
        names = ", ".join(sorted(path.name for path in damaged)[:SHOWN])
        yield Finding(
            say("spool"),
            "warning",
            say("damaged files were set aside: {names}", names=names),
            say("check the disk (smartctl, dmesg); messnetz salvage shows the lines that waited in a spool"),
        )


def _judge_waiting(figures: Figures, patient: Patient) -> Iterator[Finding]:
    subject, budget = say("spool"), patient.settings.spool.waiting_bytes
    if not figures.waiting_lines:
        yield Finding(subject, "ok", say("nothing waits for the store"))
        return
    age_s = (patient.now_ns() - (figures.oldest_waiting_ns or patient.now_ns())) / 1e9
    what = say(
        "{count} lines wait for the store ({size} of {budget}), the oldest for {age}",
        count=figures.waiting_lines,
        size=size(figures.waiting_bytes),
        budget=size(budget),
        age=span(max(age_s, 0)),
    )
    if figures.waiting_bytes >= NEARLY_FULL * budget:
        yield Finding(
            subject,
            "wrong",
            what,
            say("at the budget nothing more is acknowledged: mend the store, or raise spool.waiting_bytes"),
        )
    elif patient.service.state == "runs" and age_s > BEHIND_S:
        yield Finding(subject, "warning", what, say("see why the store does not take them: messnetz status"))
    else:
        yield Finding(subject, "ok", what)


def _judge_quarantine(reasons: Sequence[KeptReason]) -> Iterator[Finding]:
    subject = say("quarantine")
    if not reasons:
        yield Finding(subject, "ok", say("it is empty"))
    for one in reasons[:SHOWN]:
        yield Finding(
            subject,
            "warning",
            say(
                "{reason}; messages: {count}, senders: {senders}",
                count=one.count,
                senders=one.senders,
                reason=one.reason,
            ),
            _advice(one),
        )
    if len(reasons) > SHOWN:
        count = sum(one.count for one in reasons[SHOWN:])
        yield Finding(
            subject,
            "warning",
            say("for other reasons: {count}", count=count),
            "messnetz quarantine list",
        )


def _advice(one: KeptReason) -> str:
    match one.reason:
        case "unknown_device":
            return say("messnetz devices unknown shows them; register them, or messnetz devices ignore")
        case "not_installed_then":
            return say("they spoke outside the dates of their installation: correct `from`, or drop them")
        case "codec_failed":
            return say(
                "messnetz codec run shows what the codec says; mend it, then messnetz quarantine replay"
            )
        case "no_decoded_object" | "no_known_field" | "port_not_read" | "unreadable_values":
            return say("is it the right type? messnetz types decode; then messnetz quarantine replay")
        case "time":
            return say("their times are impossible: see to the clock of the network server or gateway")
        case "partly_refused":
            return say("some readings broke a rule: messnetz quarantine list --reason partly_refused")
        case "not_json" | "not_protobuf" | "not_cbor" | "wrong_shape" | "unknown_event" | "unknown_format":
            return say(
                "is `format` of that broker right? See messnetz quarantine list --reason {reason}",
                reason=one.reason,
            )
    return f"messnetz quarantine list --reason {one.reason}"


def _judge_dead(kinds: Counter[str], words: dict[str, str]) -> Iterator[Finding]:
    subject = say("dead letters")
    if not kinds:
        yield Finding(subject, "ok", say("there are none"))
    for kind, count in kinds.most_common(SHOWN):
        yield Finding(
            subject,
            "warning",
            say(
                "{kind}; lines: {count}; the newest: {words}", count=count, kind=kind, words=words[kind][:200]
            ),
            say("messnetz dead-letters list; mend the cause, then messnetz dead-letters replay"),
        )
