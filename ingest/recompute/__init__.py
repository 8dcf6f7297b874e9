"""A mistake found later, mended: a device's uplinks are judged again, and the old rule's rows replaced.

The archive's uplinks of a time are judged under today's registry, in the order in which they came and with
the memory that their predecessors leave. The device's rows of that time are removed from the store and the
new ones written through the spool; live uplinks of the device wait meanwhile. Rows of uplinks that the
archive lacks stay as they are.

`service` does it, `holes` finds what the archive lacks, `report` tells before from after, and `record` keeps
who, when and why, begun before anything is removed: what was interrupted is done again.
"""

from ingest.recompute.record import RECORD, Asked, Entry, interrupted, read_record
from ingest.recompute.report import Change, Figures, Report, Sample, Span
from ingest.recompute.service import Recomputer

__all__ = [
    "RECORD",
    "Asked",
    "Change",
    "Entry",
    "Figures",
    "Recomputer",
    "Report",
    "Sample",
    "Span",
    "interrupted",
    "read_record",
]
