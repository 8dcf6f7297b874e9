"""Figures of traffic and parking that planners ask for, over a whole period, each with its formula.

`traffic` and `parking` find them, `gather` writes them to a spill; `publish.export.vocabulary` says what they
are called and how they are computed.
"""
