"""What each language's writing asks of search and sorting."""

# Letters in their order. What is missing here sorts as its letter without accents.
# Source: the CLDR collation charts, and each language's own school alphabet.
LATIN = "a b c d e f g h i j k l m n o p q r s t u v w x y z"
GREEK = "α β γ δ ε ζ η θ ι κ λ μ ν ξ ο π ρ σ τ υ φ χ ψ ω"
ALPHABETS = {
    "en": LATIN,
    "es": "a b c d e f g h i j k l m n ñ o p q r s t u v w x y z",
    "it": LATIN,
    "fr": LATIN,
    "nl": LATIN,
    "el": f"{GREEK} {LATIN}",
    "ro": "a ă â b c d e f g h i î j k l m n o p q r s ș t ț u v w x y z",
    "hr": "a b c č ć d dž đ e f g h i j k l lj m n nj o p q r s š t u v w x y z ž",
    "tr": "a b c ç d e f g ğ h ı i j k l m n o ö p q r s ş t u ü v w x y z",
}

# Letters that people leave the sign off, per language: a query without accents is tried with them.
ACCENTS = {
    "en": {},
    "es": {"a": "á", "e": "é", "i": "í", "o": "ó", "u": "úü", "n": "ñ"},
    "it": {"a": "à", "e": "èé", "i": "ì", "o": "ò", "u": "ù"},
    "fr": {"a": "àâ", "c": "ç", "e": "éèêë", "i": "îï", "o": "ô", "u": "ùûü"},
    "nl": {"e": "ëé", "i": "ï", "o": "ö"},
    "el": {"α": "ά", "ε": "έ", "η": "ή", "ι": "ίϊ", "ο": "ό", "υ": "ύϋ", "ω": "ώ"},
    "ro": {"a": "ăâ", "i": "î", "s": "ș", "t": "ț"},
    "hr": {"c": "čć", "d": "đ", "s": "š", "z": "ž"},
    "tr": {"c": "ç", "g": "ğ", "i": "ı", "ı": "i", "o": "ö", "s": "ş", "u": "ü"},
}

# Words that carry no meaning of their own in a query; in a phrase they stay. Written for this portal: PostgreSQL
# has no such list for Greek, Romanian and Croatian, and its others do not survive `unaccent`.
SMALL_WORDS = {
    "en": "a an and are as at be but by do does for from has have how in into is it its of on or our that the their "
    "there this to was we what when where which who why will with you your",
    "es": "a al como con cual cuando de del donde el ella en entre es esta este hay la las lo los más mi muy no o para "
    "pero por qué que se ser si sin sobre son su sus un una unas unos y",
    "it": "a ad ai al alla alle allo anche che chi ci come con cosa da dal dalla dei del della delle dello di dove e è "
    "ed gli i il in la le lo ma nei nel nella nelle o per più quando se si sono su sul sulla tra fra un una uno",
    "fr": "à a au aux avec ce ces cette comme comment d dans de des du elle en entre est et il ils j l la le les leur "
    "leurs mais n ne nos notre nous on ou où par pas pour qu que qui quoi s sa se ses si son sont sur un une vos votre",
    "nl": "aan als bij dan dat de den der deze die dit door een en er het hoe ik in is je kan met naar niet nog of om "
    "onder ons ook op over te tot uit van veel voor waar wat we wel wie wij wordt worden zijn zo",
    "el": "αλλά αν από για δε δεν είναι εκ ένα έναν ένας η θα και κατά με μετά μη μην μια μία να ο οι όπως όταν ότι που "
    "πού προς πως πώς σε στα στη στην στις στο στον στους στων τα τη την της τι τις το τον του τους των ως",
    "ro": "a ai al ale care ce cea cei cel cele cu cum că dar de despre din după e este fi fie fără i în la le lor mai "
    "nu o or ori pe pentru prin sau se spre sunt să un una unde unei unor unui și",
    "hr": "a ako ali da do gdje i ili iz je jer još kad kada kako kao koja koje koji kroz li me na nad ne nije no o od "
    "oko po pod pri s sa se su što te ti to u uz uključuje za zbog će",
    "tr": "acaba ama ancak bir biri bu çok da daha de en gibi hem her için ile ise ki mi mı mu mü nasıl ne neden o olan "
    "olarak şu üzere var ve veya ya",
}

# Words of the field about which simplemma is wrong or silent: form → dictionary form.
FIELD_LEMMAS = {
    "nl": {
        **dict.fromkeys(["school", "scholen"], "school"),
        **dict.fromkeys(["ouder", "ouders"], "ouder"),
        **dict.fromkeys(["jongere", "jongeren"], "jongere"),
        **dict.fromkeys(["leerling", "leerlingen"], "leerling"),
        **dict.fromkeys(["leraar", "leraren", "leraars"], "leraar"),
        **dict.fromkeys(["les", "lessen"], "les"),
        **dict.fromkeys(["lid", "leden"], "lid"),
        **dict.fromkeys(["wijk", "wijken"], "wijk"),
    },
    "el": {
        **dict.fromkeys(["δεξιότητα", "δεξιότητας", "δεξιότητες", "δεξιοτήτων"], "δεξιότητα"),
        **dict.fromkeys(["ενήλικας", "ενήλικα", "ενήλικες", "ενηλίκων", "ενήλικους"], "ενήλικας"),
        **dict.fromkeys(["κατάρτιση", "κατάρτισης", "καταρτίσεις", "καταρτίσεων"], "κατάρτιση"),
        **dict.fromkeys(["νέος", "νέοι", "νέων", "νέους", "νέα", "νέες"], "νέος"),
        **dict.fromkeys(["πολιτική", "πολιτικής", "πολιτικές", "πολιτικών"], "πολιτική"),
    },
    "hr": {
        **dict.fromkeys(["dijete", "djeteta", "djetetu", "djeca", "djece", "djeci", "djecu", "djecom"], "dijete"),
        **dict.fromkeys(["grad", "grada", "gradu", "gradom", "gradovi", "gradova", "gradovima", "gradove"], "grad"),
        **dict.fromkeys(["učenik", "učenici", "učenika", "učenicima", "učenike"], "učenik"),
        **dict.fromkeys(["nastavnik", "nastavnici", "nastavnika", "nastavnicima", "nastavnike"], "nastavnik"),
        **dict.fromkeys(["čovjek", "čovjeka", "ljudi", "ljudima", "ljude"], "čovjek"),
    },
    "tr": dict.fromkeys(["işletme", "işletmeler", "işletmelerin", "işletmelerde", "işletmelere"], "işletme"),
}
