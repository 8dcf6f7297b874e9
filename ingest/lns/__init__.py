"""Network servers: one small file each, from a payload to an `Uplink`.

Every module has the same shape: `TOPICS`, the filters to subscribe to by default, and
`parse(topic, payload, arrival_ns)`, which returns an `Uplink` or an `Ignored` and raises `Unreadable`
for anything else, never another error. Adding a server is one file and one line here.
"""
