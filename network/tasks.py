"""Jobs about the network."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from . import document_notices, seat_calendar
from .membership import membership_calendar, pending
from .memorandum import memoranda, memorandum_life, printing
from .models import Membership, Memorandum, Representation
from .representation import representing_daily

TYPESETTING = RetryStrategy(max_attempts=10, exponential_wait=3)  # seconds: 3, 9, 27 … the typesetter may be busy


@app.task(name="network.make_memorandum_files", retry=TYPESETTING)
def make_memorandum_files(pk: int) -> None:
    """Make the PDFs of a locked text that are missing; nothing when it was taken back meanwhile."""
    memorandum = Memorandum.objects.filter(pk=pk, status__in=Memorandum.OPEN_TO_SIGN).first()
    if memorandum:
        printing.make_frozen(memorandum)


@app.task(name="network.make_final_files", retry=TYPESETTING)
def make_final_files(pk: int) -> None:
    """Make the PDFs with all signatures that are missing."""
    memorandum = Memorandum.objects.exclude(status__in=["draft", "locked", "discarded"]).filter(pk=pk).first()
    if memorandum and not memoranda.unsigned(memorandum):
        printing.finals(memorandum)


@app.periodic(cron="5 * * * *")
@app.task(name="network.make_overlooked_files", queueing_lock="network.make_overlooked_files")
def make_overlooked_files(timestamp: int) -> None:
    """Each hour: PDFs of locked texts that could not be made before; nobody can sign without them."""
    for memorandum in Memorandum.objects.filter(status__in=Memorandum.OPEN_TO_SIGN):
        if not memorandum.files_ready():
            make_memorandum_files.defer(pk=memorandum.pk)


@app.periodic(cron="15 * * * *")
@app.task(name="network.memoranda_day_by_day", queueing_lock="network.memoranda_day_by_day")
def memoranda_day_by_day(timestamp: int) -> None:
    """Each hour: what a new day brings to memoranda – in force, reminders, reviews, ends; done twice it does no more."""
    memorandum_life.day_by_day(Memorandum.objects.all())


@app.periodic(cron="25 * * * *")
@app.task(name="network.documents_day_by_day", queueing_lock="network.documents_day_by_day")
def documents_day_by_day(timestamp: int) -> None:
    """Each hour: a coming version of a document is announced, and who has not accepted what is in force is reminded."""
    document_notices.day_by_day()


@app.periodic(cron="40 3 * * * 0")
@app.task(name="network.forget_pending_files", queueing_lock="network.forget_pending_files")
def forget_pending_files(timestamp: int) -> None:
    """Each night: delete files of applications that were begun and never handed in."""
    pending.forget()


@app.periodic(cron="35 * * * *")
@app.task(name="network.representations_day_by_day", queueing_lock="network.representations_day_by_day")
def representations_day_by_day(timestamp: int) -> None:
    """Each hour: representations whose last day has passed end; those that end soon are announced."""
    representing_daily.day_by_day(Representation.objects.all())


@app.periodic(cron="35 * * * *")
@app.task(name="network.seats_day_by_day", queueing_lock="network.seats_day_by_day")
def seats_day_by_day(timestamp: int) -> None:
    """Each hour: requests nobody answered go on, seats are confirmed each year, authorities keep a representative."""
    seat_calendar.day_by_day()


@app.periodic(cron="45 * * * *")
@app.task(name="network.memberships_day_by_day", queueing_lock="network.memberships_day_by_day")
def memberships_day_by_day(timestamp: int) -> None:
    """Each hour: members are reminded of reports, on hold where one is late, gone on the day that they announced."""
    membership_calendar.day_by_day(Membership.objects.all())
