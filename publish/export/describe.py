"""What is known of an export beside its values: whose data they are, what stood where, how sure they are."""

from devices.language import Language
from devices.registry import Registry
from ingest.settings import Settings
from publish.export.about import About
from publish.export.chosen import Chosen
from publish.export.series import Gathered


def describe(
    chosen: Chosen, gathered: Gathered, registry: Registry, settings: Settings, lang: Language
) -> About:
    """All that a reader of this export must know, in this language. No text of it has an EUI in it."""
    raise NotImplementedError
