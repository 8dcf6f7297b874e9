"""The file of a made-up type: a sensor that watches two bays, which it calls left and right."""

_TYPE = """
manufacturer: Example
model: Two bays
category: parking
codec: lns
interval: INTERVAL
readings:
  - each: bays
    tags: {bay: {from: id}}
    values:
      occupied: {from: full}
examples:
  - source: "of the test's own"
    port: 1
    decoded: {bays: [{id: left, full: true}, {id: right, full: false}]}
    readings:
      - {measurement: parking, tags: {bay: left}, values: {occupied: 1}}
      - {measurement: parking, tags: {bay: right}, values: {occupied: 0}}
"""


def two_bays(interval: str) -> str:
    """The type, of a sensor that speaks so often (`10min`, say)."""
    return _TYPE.replace("INTERVAL", interval)
