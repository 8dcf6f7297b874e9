"""A city that is not there: believable uplinks of every registered device, for the demo and for trials."""

from ingest.simulator.publisher import Published, simulate

__all__ = ["Published", "simulate"]
