from .fiche import Fiche
from .parts import Attachment, FicheVersion, Opinion, ReferenceCounter, Result, Section, Source

__all__ = ["Attachment", "Fiche", "FicheVersion", "Opinion", "ReferenceCounter", "Result", "Section", "Source"]
