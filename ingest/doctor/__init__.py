"""`messnetz doctor`: what is right, what is not, what to change. It writes nothing and disturbs nobody.

One file a part of the house, each with `check(patient) -> Sequence[Finding]`; `CHECKS` is their order.
"""

from ingest.doctor.examine import CHECKS as CHECKS
from ingest.doctor.examine import examine as examine
from ingest.doctor.examine import title as title
from ingest.doctor.finding import Finding as Finding
from ingest.doctor.patient import Patient as Patient
from ingest.doctor.patient import meet as meet
