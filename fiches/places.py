"""What a fiche takes over from its authority: where it is and how large, copied once and only confirmed by the author."""

COPIED = ("country", "region", "governance_level", "population_band", "place", "latitude", "longitude")


def copy(fiche, keep=()) -> None:
    """Take country, region, level, size and place from the authority, except what the author just wrote (`keep`)."""
    authority = fiche.authority
    values = {name: getattr(authority, "town" if name == "place" else name) for name in COPIED}
    for name, value in values.items():
        if name not in keep and value not in (None, ""):
            setattr(fiche, name, value)
    drop_foreign_region(fiche)


def drop_foreign_region(fiche) -> None:
    """A region of another country than the fiche’s is none."""
    if fiche.region and fiche.region.country != fiche.country:
        fiche.region = None
