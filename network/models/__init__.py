from .authority import Authority
from .expertise import Expertise
from .membership import Membership, Representation, Seat
from .message import RelayedMessage
from .place import Region, Theme

__all__ = ["Authority", "Expertise", "Membership", "Region", "RelayedMessage", "Representation", "Seat", "Theme"]
