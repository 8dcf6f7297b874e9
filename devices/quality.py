"""From a number in the catalogue's unit to a judged value.

The steps, in this order: calibration (the uncalibrated number stays as `raw`), range test, rounding.
The test is QARTOD's gross range test with the catalogue's spans: outside `plausible` fails, outside
`usual` is suspect. Each value is judged alone, because the store cannot take a value back.
"""

from devices.device import Calibration
from devices.quantity import Quantity
from devices.reading import Flag, Value

_GOOD, _SUSPECT, _FAIL = Flag.GOOD, Flag.SUSPECT, Flag.FAIL


def value(quantity: Quantity, number: float, calibration: Calibration | None = None) -> Value:
    """The number, calibrated, judged and rounded to the quantity's decimals."""
    decimals = quantity.decimals
    raw = None
    if calibration is not None:
        raw = rounded(number, decimals)
        number = calibration.factor * number + calibration.offset
    low, high = quantity.limits.good
    flag = _GOOD if low <= number <= high else _outside(number, quantity)
    return Value(quantity.name, rounded(number, decimals), flag, raw)


def _outside(number: float, quantity: Quantity) -> Flag:
    """The flag of a number that is not good by itself."""
    low, high = quantity.limits.plausible
    if (low is not None and number < low) or (high is not None and number > high):
        return _FAIL
    return _SUSPECT


def rounded(number: float, decimals: int | None) -> float | int:
    """A float of so many decimals (half to even, never `-0.0`), for None an exact integer."""
    if decimals is None:
        return number if type(number) is int else round(number)
    return round(float(number), decimals) + 0.0
