"""Rows for tests: people, places, authorities, and fiches in every state with sections and Editions.

    FicheFactory()                                    a published best practice, complete, in English
    FicheFactory(status="draft", submitted_by=user)   any state; what that state implies (reference, slug, times, events) is set
    FicheFactory(kind="lesson_learned", themes=["adult-learning"], tags=["skills"], translations={"el": {"title": "…"}})
    CoordinatorFactory(), MemberFactory(), SeatFactory(), AuthorityFactory()

`FicheFactory(editions=False)` leaves the Editions out (many rows); `write_editions(fiches)` writes them.
"""

import datetime

import factory
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import COORDINATORS, TRANSLATORS, Event, User
from accounts.workdays import today
from fiches import derived
from fiches.models import Fiche, Result, Section, Source
from fiches.sections import SECTIONS
from network.models import Authority, Membership, Region, Representation, Seat, Theme
from translations import editions
from translations.models import Translation
from translations.shown import fingerprints

PASSWORD = "clavet-test-password"
THEMES = {
    "adult-learning": "adult-learning-guidance",
    "early-school-leaving": "inclusion",
    "digital-skills": "skills-teaching",
}
SENT = {"submitted", "in_review", "changes_requested", "rejected", "published", "archived"}  # states after a submission
MOVES = {
    "draft": [],
    "submitted": ["submit"],
    "in_review": ["submit", "take"],
    "changes_requested": ["submit", "take", "request_changes"],
    "rejected": ["submit", "take", "reject"],
    "published": ["submit", "take", "approve"],
    "archived": ["submit", "take", "approve", "archive"],
}
STATE_AFTER = {
    "submit": "submitted",
    "take": "in_review",
    "request_changes": "changes_requested",
    "reject": "rejected",
    "approve": "published",
    "archive": "archived",
}


class InLanguage(DjangoModelFactory):
    """Sets translated fields in `language` (or English), whatever language the last request left active."""

    class Meta:
        abstract = True

    _translated = ()

    @classmethod
    def _create(cls, model_class, *args, **fields):
        language = cls.language_of(fields)
        fields |= {f"{name}_{language}": fields.pop(name) for name in cls._translated if name in fields}
        return super()._create(model_class, *args, **fields)

    @classmethod
    def language_of(cls, fields) -> str:
        return "en"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@people.example")
    name = factory.Sequence(lambda n: f"Person {n}")
    language = "en"

    @classmethod
    def _create(cls, model_class, *args, password=PASSWORD, **fields):
        return model_class.objects.create_user(*args, password=password, **fields)

    @factory.post_generation
    def verified(self, create, extracted, **kwargs):
        """The e-mail address counts as verified unless verified=False."""
        if create and extracted is not False:
            from allauth.account.models import EmailAddress

            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class CoordinatorFactory(UserFactory):
    email = factory.Sequence(lambda n: f"coordinator{n}@people.example")
    is_staff = True

    @factory.post_generation
    def coordinators(self, create, extracted, **kwargs):
        self.groups.add(Group.objects.get_or_create(name=COORDINATORS)[0])


class TranslatorFactory(UserFactory):
    email = factory.Sequence(lambda n: f"translator{n}@people.example")
    translator_languages = ["el", "tr", "hr"]

    @factory.post_generation
    def translators(self, create, extracted, **kwargs):
        self.groups.add(Group.objects.get_or_create(name=TRANSLATORS)[0])


class RegionFactory(DjangoModelFactory):
    class Meta:
        model = Region
        django_get_or_create = ["code"]

    code = "HR04"
    country = factory.LazyAttribute(lambda region: region.code[:2].replace("EL", "GR"))
    level = factory.LazyAttribute(lambda region: len(region.code) - 2)
    name = factory.LazyAttribute(lambda region: f"Region {region.code}")


class ThemeFactory(InLanguage):
    """`ThemeFactory(slug="adult-learning")` also makes its parent."""

    _translated = ("name", "description")

    class Meta:
        model = Theme
        django_get_or_create = ["slug"]

    slug = "adult-learning"
    name = factory.LazyAttribute(lambda theme: theme.slug.replace("-", " ").capitalize())
    parent = factory.LazyAttribute(
        lambda theme: (
            ThemeFactory(slug=THEMES.get(theme.slug, "inclusion"), parent=None)
            if theme.slug not in {*THEMES.values(), "inclusion"}
            else None
        )
    )


class AuthorityFactory(InLanguage):
    """`AuthorityFactory(editions=True)` is found in the directory too; without, it is made ten times as fast."""

    _translated = ("name", "description")

    class Meta:
        model = Authority
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"municipality-{n}")
    official_name = factory.Sequence(lambda n: f"Općina Primjer {n}")
    official_language = "hr"
    name = factory.Sequence(lambda n: f"Municipality of Sample {n}")
    kind = "local"
    governance_level = "local"
    country = "HR"
    town = "Primjer"
    population = 30_000
    official_address = factory.Sequence(lambda n: f"office{n}@authorities.example")

    @factory.post_generation
    def editions(self, create, extracted, **kwargs):
        if extracted:
            self.rewrite()


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    authority = factory.SubFactory(AuthorityFactory)
    status = "active"
    ends = factory.LazyAttribute(lambda row: today() if row.status in ("withdrawn", "expired") else None)


class SeatFactory(DjangoModelFactory):
    """A seat today; `role` contributor unless told."""

    class Meta:
        model = Seat

    authority = factory.SubFactory(AuthorityFactory)
    user = factory.SubFactory(UserFactory)
    role = "contributor"


class MemberFactory(UserFactory):
    """A person with a seat at an authority (`seat_at=` one of yours) whose membership is active."""

    email = factory.Sequence(lambda n: f"member{n}@people.example")

    @factory.post_generation
    def seat_at(self, create, extracted, role="contributor", **kwargs):
        authority = extracted or AuthorityFactory()
        if not Membership.objects.filter(authority=authority).exists():
            MembershipFactory(authority=authority)
        SeatFactory(user=self, authority=authority, role=role)


class RepresentationFactory(DjangoModelFactory):
    class Meta:
        model = Representation

    coordinator = factory.SubFactory(AuthorityFactory, kind="euroregion", governance_level="cross_border")
    authority = factory.SubFactory(AuthorityFactory)
    status = "confirmed"
    scopes = ["profile", "fiches"]


class ResultFactory(InLanguage):
    _translated = ("indicator", "note")

    class Meta:
        model = Result

    @classmethod
    def language_of(cls, fields):
        return fields["fiche"].source_language

    fiche = factory.SubFactory("tests.factories.FicheFactory")
    indicator = "Share of early leavers"
    unit = "percent"
    baseline = 14
    value = 9
    year = 2023
    evidence_type = "monitoring"


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source

    fiche = factory.SubFactory("tests.factories.FicheFactory")
    title = "Annual report"
    url = "https://authority.example/report"
    publisher = "Municipality of Sample"
    date = "2023-05"


class FicheFactory(InLanguage):
    """A published best practice with its required sections and one theme; its Editions are written."""

    _translated = ("title", "summary", "budget_note")

    class Meta:
        model = Fiche
        skip_postgeneration_save = True

    kind = "best_practice"
    status = "published"
    source_language = "en"
    title = factory.Sequence(lambda n: f"Evening school number {n}")
    summary = "Adults finish school in two years, beside work and family."
    authority = factory.SubFactory(AuthorityFactory)
    submitted_by = factory.SubFactory(UserFactory)
    vouched = "authority"
    governance_level = "local"
    country = factory.LazyAttribute(lambda fiche: fiche.authority.country if fiche.authority else "HR")
    population_band = "20k_50k"
    policy_stages = ["implementation"]
    development_stage = "established"
    target_groups = ["adults"]
    isced_levels = ["3"]
    start_year = 2019
    ongoing = True
    cost_band = "50k_250k"
    staff_fte = 2
    evidence_strength = 3

    @classmethod
    def _create(cls, model_class, *args, **fields):
        status = fields["status"]
        language = fields["source_language"]  # a plain title is the source text
        fields |= {f"{name}_{language}": fields.pop(name) for name in cls._translated if name in fields}
        fiche = model_class(*args, **fields)
        now = timezone.now()
        if status in SENT:
            fiche.submitted_at = fiche.submitted_at or now - datetime.timedelta(days=20)
        if status in {"published", "archived"}:
            fiche.published_at = fiche.published_at or now - datetime.timedelta(days=10)
        fiche.save()
        if not fiche.revises_id:
            _address(fiche)
        return fiche

    @factory.post_generation
    def sections(self, create, extracted, **kwargs):
        """{name: text} to replace the required sections; {} for none."""
        texts = extracted
        if texts is None:
            texts = {spec.name: f"Text of the section {spec.name}." for spec in SECTIONS[self.kind] if spec.required}
        rows = {spec.name: spec.rows for spec in SECTIONS[self.kind]}
        for name, text in texts.items():
            for position in range(1, rows.get(name, 1) + 1):
                Section.objects.create(
                    fiche=self, name=name, position=position, **{f"text_{self.source_language}": text}
                )

    @factory.post_generation
    def themes(self, create, extracted, **kwargs):
        for theme in ["adult-learning"] if extracted is None else extracted:
            self.themes.add(ThemeFactory(slug=theme) if isinstance(theme, str) else theme)

    @factory.post_generation
    def tags(self, create, extracted, **kwargs):
        self.tags.add(*(extracted or []))

    @factory.post_generation
    def results(self, create, extracted, **kwargs):
        """True for one result with a baseline, or a list of dicts."""
        for fields in [{}] if extracted is True else extracted or []:
            ResultFactory(fiche=self, **fields)

    @factory.post_generation
    def sources(self, create, extracted, **kwargs):
        for fields in [{}] if extracted is True else extracted or []:
            SourceFactory(fiche=self, **fields)

    @factory.post_generation
    def events(self, create, extracted, **kwargs):
        """What the state implies was done before; events=False leaves it out."""
        if extracted is not False:
            _events(self)

    @factory.post_generation
    def translations(self, create, extracted, **kwargs):
        """{language: {"title": …, "summary": …, "problem": …, "status": "reviewed"}}: released translations."""
        for language, texts in (extracted or {}).items():
            translate(self, language, **texts)

    @factory.post_generation
    def editions(self, create, extracted, **kwargs):
        found = derived.values(self)
        self.available_languages, self.completeness = found["available_languages"], found["completeness"]
        self.changed_at = found["changed_at"]
        self.save()
        if extracted is not False:
            editions.write(self)


def translate(fiche, language, *, status="reviewed", method="human", title="", summary="", **sections):
    """Release a translation of `fiche`; sections by name. The caller writes the Editions."""
    texts = fiche.source_texts()
    translated = {"title": title, "summary": summary}
    for name, text in {"title": title, "summary": summary}.items():
        setattr(fiche, f"{name}_{language}", text)
    fiche.save()
    for row in fiche.sections.all():
        if row.name in sections:
            setattr(row, f"text_{language}", sections[row.name])
            row.save()
            translated[f"section:{row.pk}:text"] = sections[row.name]
    done = {key: print_ for key, print_ in fingerprints(texts).items() if translated.get(key)}
    return Translation.objects.create(
        object=fiche, language=language, status=status, method=method, fingerprints=done, released_at=timezone.now()
    )


def write_editions(fiches):
    for fiche in fiches:
        editions.write(fiche)


def _address(fiche):
    """Reference and slug as the state implies."""
    if fiche.status in SENT and not fiche.reference:
        fiche.reference = f"CLV-2026-{fiche.pk:04}"
    if fiche.status in {"published", "archived"} and not fiche.slug:
        fiche.slug = f"fiche-{fiche.pk}"
    fiche.save()


def _events(fiche):
    content_type = ContentType.objects.get_for_model(fiche)
    state, at = "draft", fiche.submitted_at
    for verb in MOVES[fiche.status]:
        at = {"approve": fiche.published_at}.get(verb, at)
        Event.objects.create(
            content_type=content_type,
            object_id=fiche.pk,
            verb=verb,
            from_state=state,
            to_state=STATE_AFTER[verb],
            by=fiche.submitted_by,
            at=at,
        )
        state, at = STATE_AFTER[verb], at + datetime.timedelta(days=1)
