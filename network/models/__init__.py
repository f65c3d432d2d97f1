from .authority import Authority
from .document import Acceptance, Document, DocumentVersion
from .expertise import Expertise
from .membership import Membership, MembershipReport
from .memorandum import Memorandum, MemorandumCounter, OtherOrganisation, Party
from .memorandum_template import MemorandumTemplate
from .message import RelayedMessage
from .place import Region, Theme
from .representation import Representation
from .seat import Seat, SeatInvitation, SeatRequest
from .signature import MemorandumFile, MemorandumText, Signature, SigningLink

__all__ = [
    "Acceptance",
    "Authority",
    "Document",
    "DocumentVersion",
    "Expertise",
    "Membership",
    "MembershipReport",
    "Memorandum",
    "MemorandumCounter",
    "MemorandumFile",
    "MemorandumTemplate",
    "MemorandumText",
    "OtherOrganisation",
    "Party",
    "Region",
    "RelayedMessage",
    "Representation",
    "Seat",
    "SeatInvitation",
    "SeatRequest",
    "Signature",
    "SigningLink",
    "Theme",
]
