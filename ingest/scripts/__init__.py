"""JavaScript codecs: LoRa Alliance TS013 and the older `Decode` and `Decoder`, run in a process of their own.

`worker` is for the service, `bulk` the one call for people with many payloads; both give batches to `runner`,
which starts, watches and ends the `process`, and `said` puts its answers into words.
"""

from ingest.scripts.bulk import run_codec
from ingest.scripts.worker import ScriptWorker

__all__ = ["ScriptWorker", "run_codec"]
