"""Figures of traffic and parking that planners ask for, over a whole period, each with its formula.

`traffic` and `parking` find them, `words` says what they are called and how they are computed, `shape` makes
the sheet of them.
"""

from publish.export.figures.gather import gather_figures
from publish.export.figures.shape import figures_sheet

__all__ = ["figures_sheet", "gather_figures"]
