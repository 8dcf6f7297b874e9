"""Who answers for the data of a municipality, as the head of its device file says."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Publisher:
    """`ags` is the Amtlicher Gemeindeschlüssel (8 digits); texts are empty where the head says nothing."""

    municipality: str
    ags: str | None = None
    name: str = ""
    contact: str = ""
    licence: str = ""

    def joined(self, other: "Publisher") -> "Publisher | None":
        """What two heads of one municipality say together; None where they contradict each other."""
        if self.ags and other.ags and self.ags != other.ags:
            return None
        named = self if self.name else other
        if other.name and (other.name, other.contact, other.licence) != (
            named.name,
            named.contact,
            named.licence,
        ):
            return None
        return replace(named, ags=self.ags or other.ags)
