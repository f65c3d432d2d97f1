"""Words as search sees them, and hits as readers see them; no database."""

import pytest
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from translations import search
from translations.search.parsing import Term, parse
from translations.search.words import LANGUAGES, forms, lemma, restored


@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_reading_and_marking_never_fail(text, language):
    parse(text, language)
    search.sort_key(text, language)
    marked = search.mark(text, text, language)
    assert isinstance(marked, SafeString)
    assert "<" not in marked.replace("<mark>", "").replace("</mark>", "")


def test_fold_knows_turkish_and_romanian():
    assert search.fold("IŞIK İSTANBUL", "tr") == "ışık istanbul"
    assert search.fold("İSTANBUL I", "en") == "istanbul i"
    assert search.fold("ŞCOALĂ ţară", "ro") == "școală țară"
    assert search.fold("e\u0301cole d’été", "fr") == "école d'été"
    assert search.fold("ΟΔΟΣ", "el") == "οδος"


def test_lemmas_of_nine_languages():
    pairs = {
        "en": ("schools", "school"),
        "es": ("becas", "beca"),
        "it": ("scuole", "scuola"),
        "fr": ("élèves", "élève"),
        "nl": ("scholen", "school"),
        "el": ("σχολεία", "σχολείο"),
        "ro": ("școlii", "școală"),
        "hr": ("učenicima", "učenik"),
        "tr": ("okullar", "okul"),
    }
    assert {language: search.lemmas(form, language) for language, (form, _base) in pairs.items()} == {
        language: base for language, (_form, base) in pairs.items()
    }


def test_accents_are_tried_where_they_were_left_off():
    assert "școală" in restored("scolii", "ro")
    assert restored("school", "en") == ()
    assert lemma("zzzqqq", "ro") == "zzzqqq"
    assert forms("ucenici", "hr") & forms("učenik", "hr")


def test_query_language():
    read = parse('skills -"old school" OR “second chance” the -vet', "en")
    assert read.anyof == ((Term(("skills",)),), (Term(("second", "chance")),))
    assert read.excluded == (Term(("old", "school"), True), Term(("vet",), True))
    assert parse("e-learning", "en").anyof == ((Term(("e", "learning")),),)


SORTED = {
    "en": ["Ábaco", "apple", "École", "zebra", "Ωmega"],
    "es": ["nube", "nylon", "ñandú", "oso"],
    "it": ["città", "cittadella", "è", "zona"],
    "fr": ["cote", "côté", "coteau", "école", "zèle"],
    "nl": ["ijs", "inburgering", "Zeist"],
    "el": ["Αθήνα", "άλφα", "βήτα", "ως", "Zagreb"],
    "ro": ["arc", "ăsta", "sat", "școală", "tablă", "țară", "unu"],
    "hr": [
        "cvijet",
        "čaj",
        "ćup",
        "dom",
        "džep",
        "đak",
        "lopta",
        "ljeto",
        "nos",
        "njiva",
        "sat",
        "šah",
        "zrak",
        "žaba",
    ],
    "tr": ["cam", "çay", "gaz", "ğ", "hava", "ılık", "ilk", "ok", "ön", "su", "şal", "uç", "üç", "yaz"],
}


def shuffled(texts):
    return sorted(texts, key=hash)


@pytest.mark.parametrize("language", SORTED)
def test_alphabetical_order_of_each_language(language):
    words = SORTED[language]
    key = {word: search.sort_key(word, language).encode() for word in words}  # bytes: the C collation
    assert sorted(shuffled(words), key=key.get) == words


def test_shorter_titles_and_digits_come_first():
    titles = ["10 steps", "School", "School board", "Schools"]
    assert sorted(shuffled(titles), key=lambda title: search.sort_key(title, "en")) == titles
    assert search.sort_key("!!!", "en").startswith("\t")


# --- marking ---------------------------------------------------------------------------------------------------

MARKED = [
    ("en", "policy", "New <policies> work", "New &lt;<mark>policies</mark>&gt; work"),
    ("en", "schools -teacher", "The teacher’s school", "The teacher’s <mark>school</mark>"),
    ("en", '"second chance"', "A second chance, not a chance", "A <mark>second chance</mark>, not a chance"),
    ("ro", "scolar", "Abandonul școlar și şcoala", "Abandonul <mark>școlar</mark> și şcoala"),
    ("ro", "intreprindere", "Întreprinderile plătesc", "<mark>Întreprinderile</mark> plătesc"),
    ("el", "σχολειο", "Τα σχολεία, ΤΟ ΣΧΟΛΕΙΟ", "Τα <mark>σχολεία</mark>, ΤΟ <mark>ΣΧΟΛΕΙΟ</mark>"),
    ("hr", "ucenik", "Stipendije za učenike", "Stipendije za <mark>učenike</mark>"),
    ("tr", "istanbul", "İstanbul’da IŞIK", "<mark>İstanbul</mark>’da IŞIK"),
    ("tr", "ışık", "İstanbul’da IŞIK", "İstanbul’da <mark>IŞIK</mark>"),
    ("nl", "brugfiguur", "De brugfiguren", "De <mark>brugfiguren</mark>"),
    ("es", "jovenes", "Cada joven", "Cada <mark>joven</mark>"),
    ("it", "educatore", "Gli educatori & noi", "Gli <mark>educatori</mark> &amp; noi"),
    ("fr", "evaluation", "Les évaluations", "Les <mark>évaluations</mark>"),
    ("en", "", "Nothing & nobody", "Nothing &amp; nobody"),
    ("en", "the", "The end", "The end"),
]


@pytest.mark.parametrize(("language", "query", "text", "wanted"), MARKED)
def test_hits_are_marked_in_other_word_forms(language, query, text, wanted):
    assert search.mark(text, query, language) == wanted


def test_excerpt_shows_the_place_where_most_words_are():
    text = "Filler words come first. " * 40 + "Here apprentices sign a contract. " + "Nothing more is said. " * 40
    shown = search.excerpt(text, "contracts of apprentice", "en")
    assert "apprentices sign a contract" in shown
    assert shown.startswith("… ") and shown.endswith(" …") and len(shown) <= 245
    assert search.excerpt(text, "absent", "en").startswith("Filler")
    assert search.excerpt("Short", "short", "en") == "Short"
    assert "<mark>contract</mark>" in search.mark(shown, "contracts", "en")
