"""The German of every sentence that technicians read: one module a part of the house, English -> German.

`tests/test_language.py` holds that every sentence said has its German, with the same names in it.
"""

from collections.abc import Mapping

from devices.german import (
    alarms,
    backup,
    boards,
    check,
    codecs,
    doctor,
    export_about,
    export_ask,
    export_figures,
    export_run,
    export_windows,
    export_write,
    lns,
    planners,
    quality,
    recompute,
    registry,
    scripts,
    setup,
    status,
    street_codecs,
    tls,
    tools,
    type_tools,
    types,
    types_page,
    values,
    watch,
)

#: The modules of this package, each with `SENTENCES`.
PARTS = (
    alarms,
    backup,
    boards,
    check,
    codecs,
    doctor,
    export_about,
    export_ask,
    export_figures,
    export_run,
    export_windows,
    export_write,
    lns,
    planners,
    quality,
    recompute,
    registry,
    scripts,
    status,
    setup,
    street_codecs,
    tls,
    tools,
    type_tools,
    types,
    types_page,
    values,
    watch,
)

GERMAN: Mapping[str, str] = {english: german for part in PARTS for english, german in part.SENTENCES.items()}
