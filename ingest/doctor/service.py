"""The service itself: does it run, and is it content?"""

from collections.abc import Sequence

from devices.language import say
from ingest.doctor.finding import Finding
from ingest.doctor.patient import Patient


async def check(patient: Patient) -> Sequence[Finding]:
    """What the service says of itself; its reasons are its own words, as at /readyz."""
    subject = say("service")
    match patient.service.state:
        case "stopped":
            return [
                Finding(
                    subject,
                    "warning",
                    say("it does not run; looked at what lies here"),
                    say("start it: messnetz run"),
                )
            ]
        case "mute":
            return [
                Finding(
                    subject,
                    "wrong",
                    say("it runs and does not answer on its control socket"),
                    say("see its log; if it stays so, start it anew: it loses nothing"),
                )
            ]
        case "locked":
            return [
                Finding(
                    subject,
                    "unknown",
                    say("it belongs to another user, so it cannot be asked"),
                    say("run this as the user that runs the service"),
                )
            ]
    status = patient.service.status
    found = [
        Finding(subject, "wrong", say("not ready: {reason}", reason=reason)) for reason in status["reasons"]
    ]
    if status.get("archive_trouble"):
        found.append(
            Finding(
                subject,
                "wrong",
                say("uplinks are not archived: {words}", words=status["archive_trouble"]),
                say("make room on the disk, or mend it"),
            )
        )
    return found or [Finding(subject, "ok", say("it runs and is ready"))]
