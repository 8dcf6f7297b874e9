"""Which InfluxDB it is, from how it calls itself."""

import re


def major(said: str) -> int:
    """1, 2 or 3. A 1.8 that `go install` built calls itself `unknown`, which no later version does."""
    found = re.search(r"(\d+)\.\d+", said)
    return int(found[1]) if found else 1
