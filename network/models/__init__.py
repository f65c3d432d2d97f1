from .authority import Authority
from .membership import Membership, Representation, Seat
from .message import RelayedMessage
from .place import Region, Theme

__all__ = ["Authority", "Membership", "Region", "RelayedMessage", "Representation", "Seat", "Theme"]
