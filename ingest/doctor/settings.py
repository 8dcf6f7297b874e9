"""The settings' file, the files that it names, and who may read them."""

import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from devices.language import say
from ingest import login_file
from ingest.doctor.finding import Finding
from ingest.doctor.patient import Patient
from ingest.settings import Settings
from ingest.settings_file import missing_files


async def check(patient: Patient) -> Sequence[Finding]:
    """Files that are missing or open to others; the settings themselves have been read."""
    subject = say("settings")
    found = [
        Finding(subject, "wrong", complaint.sentence)
        for complaint in missing_files(patient.config, patient.settings)
    ]
    found += _open_secrets(patient.settings)
    found += _no_logins(patient.settings)
    if not found:
        found.append(Finding(subject, "ok", say("{file} is right", file=patient.config)))
    return found


def secrets(settings: Settings) -> Iterator[Path]:
    """The files that hold what nobody else should know."""
    for broker in settings.brokers:
        if broker.credentials_file:
            yield broker.credentials_file
        if broker.tls and broker.tls.key_file:
            yield broker.tls.key_file
    if settings.store == "influx" and settings.influx and settings.influx.token_file:
        yield settings.influx.token_file
    yield from _logins(settings)


def _logins(settings: Settings) -> Iterator[Path]:
    """The login files of the planners' address."""
    exports = settings.exports
    yield from (file for file in (exports.login_file, exports.partners_login_file) if file)


def _no_logins(settings: Settings) -> Iterator[Finding]:
    read: dict[tuple[str, str], Path] = {}
    for file in _logins(settings):
        if not file.exists():
            continue  # said by `missing_files`
        try:
            login = login_file.read(file)
        except login_file.BadLogin as error:
            wrong = say("{file} {trouble}", file=file, trouble=error.sentence)
            to_do = say("write the name into its first line and the password into its second")
            yield Finding(say("planners' login"), "wrong", wrong, to_do)
            continue
        if other := read.get(login):
            same = say(
                "{file} and {other} hold the same login: it is let in as partners'", file=other, other=file
            )
            yield Finding(say("planners' login"), "wrong", same, say("give each of them one of its own"))
        read[login] = file


def _open_secrets(settings: Settings) -> Iterator[Finding]:
    for file in dict.fromkeys(secrets(settings)):
        try:
            mode = stat.S_IMODE(file.stat().st_mode)
        except OSError:
            continue  # said by `missing_files`
        if mode & (stat.S_IROTH | stat.S_IWOTH):
            yield Finding(
                say("secrets"),
                "warning",
                say("everybody on this machine may read {file}", file=file),
                f"chmod 600 {file}",
            )
