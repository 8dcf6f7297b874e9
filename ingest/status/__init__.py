"""The state of every device, by the clock: swept, told as rows of `status`, and the lots beside them.

`StatusClock.sweep(now_ns)` goes over all devices once and puts the rows that are due into the intake;
`StatusClock.run()` does the same in slices for ever. The rules are pure and stand in `devices.status` and
`devices.gateway`.
"""

from ingest.status.clock import StatusClock as StatusClock
