"""The way in: MQTT -> uplink -> reading -> spool -> store.

Reading path of one uplink: `ingest.mqtt` (socket -> `Delivery`), `ingest.pipeline` (a table of
contents), `ingest.lns` (bytes -> `Uplink`), `devices.registry` and `devices.normalise` (whose is it,
what does it say), `ingest.spool` (durable, then acknowledged), `ingest.writer` and `ingest.store`
(written).
"""

__version__ = "0.1.0"
