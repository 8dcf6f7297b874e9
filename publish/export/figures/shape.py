"""The sheet of figures: a row a figure, always long."""

from publish.export.chosen import Chosen
from publish.export.series import Gathered
from publish.export.sheet import Sheet


def figures_sheet(chosen: Chosen, gathered: Gathered) -> Sheet:
    """Place, what was counted, figure, value, unit, days, coverage and formula, in the language asked for."""
    raise NotImplementedError
