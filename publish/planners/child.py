"""The process that makes one export or one preview: a job on its standard input, the answer on its output.

What it loads and needs is gone with it, it leaves the CPU and the memory to the service, and it ends when the
service does, for then its input ends.
"""

import asyncio
import contextlib
import os
import tempfile
import threading
import traceback
import zipfile
from pathlib import Path

import msgspec

from devices import language
from devices.language import say
from ingest.errors import MessnetzError
from ingest.settings import Settings
from publish.export.ask import Ask
from publish.export.errors import AskRefused, ExportFailed, NothingFound
from publish.planners.wire import Answer, Failed, Job, Line, Looked, Made

_TIMES = frozenset(("begin", "to", "last"))
#: Others go first.
NICE = 10
#: Under Linux: who is ended first when the memory is gone, from 0 to 1000.
EXPENDABLE = "500"
_STDIN = 0


def main() -> None:
    """Do the one job."""
    answers = os.dup(1)
    os.dup2(2, 1)  # what a library prints is no answer
    with contextlib.suppress(OSError):  # another system, or one that forbids it
        os.nice(NICE)
        Path("/proc/self/oom_score_adj").write_text(EXPENDABLE, encoding="ascii")
    job = msgspec.json.decode(_first_line(), type=Job)
    threading.Thread(target=_end_with_the_service, daemon=True).start()
    language.use(job.language)
    tempfile.tempdir = job.folder
    answer = msgspec.json.encode(_answer(job))
    with os.fdopen(answers, "wb") as output:
        output.write(answer + b"\n")


def _first_line() -> bytes:
    """By the descriptor alone: a buffer would be in the way of the other thread."""
    read = bytearray()
    while not read.endswith(b"\n"):
        part = os.read(_STDIN, 65536)
        if not part:
            os._exit(0)
        read += part
    return bytes(read)


def _end_with_the_service() -> None:
    os.read(_STDIN, 1)  # nothing more is ever said
    os._exit(0)


def _answer(job: Job) -> Answer:
    settings = Settings.model_validate_json(bytes(job.settings))
    ask = Ask.model_validate_json(bytes(job.ask))
    try:
        if job.what == "preview":
            return asyncio.run(_look(ask, settings, job))
        return asyncio.run(_make(ask, settings, job))
    except AskRefused as error:
        return Failed(error.status, str(error), str(error.hint), _at_fault(ask, settings, job.now_ns))
    except ExportFailed as error:
        return Failed(error.status, str(error), str(error.hint))
    except MessnetzError as error:
        traceback.print_exc()
        return Failed(500, str(error), str(error.hint))
    except OSError as error:
        traceback.print_exc()
        words = say("the export could not be written: {trouble}", trouble=error.strerror or repr(error))
        return Failed(503, str(words), str(say("those who run Messnetz find more in its log")))


async def _make(ask: Ask, settings: Settings, job: Job) -> Made:
    from publish.export.run import export  # noqa: PLC0415  everything that reads and writes

    result = await export(
        ask,
        settings,
        Path(job.folder),
        now_ns=job.now_ns,
        progress=lambda _done, _of, _words: None,
        limit_bytes=job.limit_bytes,
    )
    data, package = result.files
    if job.zipped:
        data = _zip(data, package)
    return Made(data.name, package.name, result.rows, tuple(map(str, result.notes)))


def _zip(data: Path, package: Path) -> Path:
    packed = data.with_name(f"{data.name}.zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for file in (package, data):
            archive.write(file, "datapackage.json" if file is package else file.name)
    data.unlink()
    return packed


async def _look(ask: Ask, settings: Settings, job: Job) -> Looked:
    from publish.export.preview import preview  # noqa: PLC0415  as above

    seen = await preview(ask, settings, now_ns=job.now_ns)
    return Looked(
        seen.exact,
        seen.rows,
        seen.values,
        seen.series,
        {str(key): size for key, size in seen.bytes.items()},
        seen.heads,
        seen.table,
        tuple(Line(line.title, line.unit, line.points) for line in seen.chart),
        tuple(map(str, seen.notes)),
    )


def _at_fault(ask: Ask, settings: Settings, now_ns: int) -> str:
    """The parameter that is refused by itself too; empty where only several together are."""
    from ingest.registry_files import load_registry  # noqa: PLC0415  only where something is at fault
    from publish.export.choose import choose  # noqa: PLC0415

    registry = load_registry(settings)
    for name in (one for one in Ask.model_fields if one in ask.model_fields_set):
        around = {"audience": ask.audience} if name in _TIMES else {"audience": ask.audience, "last": "7d"}
        alone = Ask.model_validate({**around, name: getattr(ask, name)})
        with contextlib.suppress(NothingFound):
            try:
                choose(alone, registry, now_ns)
            except AskRefused:
                return name
    return ""


if __name__ == "__main__":
    main()
