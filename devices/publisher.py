"""Who answers for the data of a municipality, as the head of its device file says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Publisher:
    """`ags` is the Amtlicher Gemeindeschlüssel (8 digits); texts are empty where the head says nothing."""

    municipality: str
    ags: str | None = None
    name: str = ""
    contact: str = ""
    licence: str = ""
