"""Words of each language from which the benchmark makes texts: enough to be stemmed, indexed and found."""

WORDS = {
    "en": (
        "the authority school training young people adults work company teacher skills programme region town support "
        "guidance learning course apprenticeship agreement network evaluation funding partner results employment family "
        "and of to with for in from each year centre quality inclusion digital green vocational education policy plan"
    ),
    "es": (
        "la autoridad escuela formación jóvenes personas adultas trabajo empresa profesorado competencias programa región "
        "ciudad apoyo orientación aprendizaje curso acuerdo red evaluación financiación socio resultados empleo familia "
        "y de para con en cada año centro calidad inclusión digital verde profesional educación política plan municipio"
    ),
    "it": (
        "la scuola formazione giovani persone adulte lavoro impresa insegnante competenze programma regione città sostegno "
        "orientamento apprendimento corso apprendistato accordo rete valutazione finanziamento partner risultati occupazione "
        "e di per con in ogni anno centro qualità inclusione digitale verde professionale istruzione politica piano comune"
    ),
    "fr": (
        "la collectivité école formation jeunes personnes adultes travail entreprise enseignant compétences programme région "
        "ville soutien orientation cours apprentissage accord réseau évaluation financement partenaire résultats emploi "
        "famille et de pour avec dans chaque année centre qualité inclusion numérique vert professionnelle éducation plan"
    ),
    "nl": (
        "de overheid school opleiding jongeren volwassenen werk bedrijf leraar vaardigheden programma regio stad steun "
        "begeleiding leren cursus leerlingwezen overeenkomst netwerk evaluatie financiering partner resultaten werkgelegenheid "
        "gezin en van voor met in elk jaar centrum kwaliteit inclusie digitaal groen beroepsonderwijs beleid plan gemeente"
    ),
    "el": (
        "η αρχή σχολείο κατάρτιση νέοι άνθρωποι ενήλικες εργασία επιχείρηση εκπαιδευτικός δεξιότητες πρόγραμμα περιφέρεια "
        "πόλη υποστήριξη προσανατολισμός μάθηση μαθητεία συμφωνία δίκτυο αξιολόγηση χρηματοδότηση εταίρος αποτελέσματα "
        "απασχόληση οικογένεια και του για με στην κάθε έτος κέντρο ποιότητα ένταξη ψηφιακή πράσινη επαγγελματική πολιτική"
    ),
    "ro": (
        "autoritatea școală formare tineri persoane adulte muncă întreprindere profesor competențe program regiune oraș sprijin "
        "orientare învățare curs ucenicie acord rețea evaluare finanțare partener rezultate ocupare familie și de pentru cu în "
        "fiecare an centru calitate incluziune digital verde profesională educație politică plan comună județ abandon"
    ),
    "hr": (
        "vlast škola osposobljavanje mladi ljudi odrasli rad poduzeće nastavnik vještine program regija grad potpora "
        "savjetovanje učenje tečaj naukovanje sporazum mreža vrednovanje financiranje partner rezultati zapošljavanje obitelj "
        "i od za s u svake godine središte kvaliteta uključivanje digitalno zeleno strukovno obrazovanje politika plan općina"
    ),
    "tr": (
        "yönetim okul eğitim gençler insanlar yetişkinler iş işletme öğretmen beceriler program bölge kent destek rehberlik "
        "öğrenme kurs çıraklık anlaşma ağ değerlendirme finansman ortak sonuçlar istihdam aile ve için ile her yıl merkez "
        "kalite içerme dijital yeşil mesleki öğretim politika plan belediye ilçe katılım güçlü yeni birlikte çalışma"
    ),
}
SEARCHED = {
    "en": "vocational training", "es": "formación profesional", "it": "orientamento giovani", "fr": "apprentissage jeunes",
    "nl": "opleiding volwassenen", "el": "κατάρτιση ενηλίκων", "ro": "formare tineri", "hr": "osposobljavanje odraslih",
    "tr": "mesleki eğitim",
}  # fmt: skip
