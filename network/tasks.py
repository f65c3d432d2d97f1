"""Jobs about the network."""

from procrastinate.contrib.django import app

from . import printing
from .models import Memorandum


@app.task(name="network.make_memorandum_files", retry=10)
def make_memorandum_files(pk: int) -> None:
    """Make the PDFs of a locked text that are missing; nothing when it was taken back meanwhile."""
    memorandum = Memorandum.objects.filter(pk=pk, status__in=Memorandum.OPEN_TO_SIGN).first()
    if memorandum:
        printing.make_frozen(memorandum)
