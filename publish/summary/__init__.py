"""Rows of one series as one figure a window, with how much of the window it rests on.

Pure functions for windows of any length (a quarter of an hour, an hour, a day of 23 or 25 hours, a month):
finished hours use them now, exports on demand.
"""

from publish.summary.hold import Later, hold_ns
from publish.summary.intervals import covered_ns
from publish.summary.sample import SUSPECT, Sample, samples
from publish.summary.states import Span, spans
from publish.summary.summarise import CAPTURE, COMPLETE, Summary, good_enough, rounded, summarise
from publish.summary.window import Window

__all__ = [
    "CAPTURE",
    "COMPLETE",
    "SUSPECT",
    "Later",
    "Sample",
    "Span",
    "Summary",
    "Window",
    "covered_ns",
    "good_enough",
    "hold_ns",
    "rounded",
    "samples",
    "spans",
    "summarise",
]
