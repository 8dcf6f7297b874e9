"""What a row of the table is about, where several are about one broker."""

from devices.language import Sentence, say
from ingest.settings import Broker


def about(broker: Broker, what: str) -> Sentence:
    return say("{name}: {what}", name=broker.name, what=what)
