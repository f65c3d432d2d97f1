from .event import Event, Reason
from .notification import Notification
from .once import OnceToken
from .report import ProblemReport
from .user import COORDINATORS, TRANSLATORS, User

__all__ = ["COORDINATORS", "TRANSLATORS", "Event", "Notification", "OnceToken", "ProblemReport", "Reason", "User"]
