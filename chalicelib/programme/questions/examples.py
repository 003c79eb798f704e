"""Questions that many cities ask, ready to be chosen and changed, in three languages."""

from chalicelib.programme.questions.rules import Choice, Purpose, Question, QuestionKind


def _texts(nl: str, fr: str, en: str) -> dict[str, str]:
    return {"nl": nl, "fr": fr, "en": en}


PHOTOS = Question(
    key="photo_consent",
    kind=QuestionKind.YES_NO,
    label=_texts(
        "Mogen we foto’s van je kind maken en tonen?",
        "Pouvons-nous prendre et montrer des photos de votre enfant ?",
        "May we take photos of your child and show them?",
    ),
    required=True,
    purpose=Purpose.CAMP,
    help=_texts(
        "Op onze website en in ons infoblad. Zeg je nee, dan gaat je kind gewoon mee. Je kan later van mening "
        "veranderen.",
        "Sur notre site et dans notre bulletin. Si vous dites non, votre enfant participe comme les autres. Vous "
        "pourrez changer d’avis.",
        "On our website and in our newsletter. If you say no, your child takes part all the same. You can change your "
        "mind later.",
    ),
)
LUNCH = Question(
    key="lunch",
    kind=QuestionKind.CHOICE,
    label=_texts(
        "Wat eet je kind ’s middags?", "Que mange votre enfant à midi ?", "What does your child have for lunch?"
    ),
    required=True,
    purpose=Purpose.KITCHEN,
    choices=(
        Choice("own", _texts("Brengt een lunchpakket mee", "Apporte son pique-nique", "Brings a packed lunch")),
        Choice("meal", _texts("Warme maaltijd", "Repas chaud", "Hot meal")),
        Choice(
            "vegetarian",
            _texts("Warme maaltijd, vegetarisch", "Repas chaud, végétarien", "Hot meal, vegetarian"),
        ),
        Choice(
            "no_pork",
            _texts("Warme maaltijd, zonder varkensvlees", "Repas chaud, sans porc", "Hot meal, without pork"),
        ),
    ),
)
SWIMMING = Question(
    key="swimming_level",
    kind=QuestionKind.CHOICE,
    label=_texts("Hoe goed kan je kind zwemmen?", "Votre enfant sait-il nager ?", "How well can your child swim?"),
    required=True,
    purpose=Purpose.CAMP,
    choices=(
        Choice("no", _texts("Nog niet", "Pas encore", "Not yet")),
        Choice(
            "with_aid",
            _texts("Met zwembandjes of een plankje", "Avec des brassards ou une planche", "With armbands or a float"),
        ),
        Choice("25m", _texts("25 meter", "25 mètres", "25 metres")),
        Choice("100m", _texts("100 meter of meer", "100 mètres ou plus", "100 metres or more")),
    ),
)
SHIRT = Question(
    key="t_shirt",
    kind=QuestionKind.CHOICE,
    label=_texts(
        "Welke maat T-shirt draagt je kind?",
        "Quelle est la taille de T-shirt de votre enfant ?",
        "Which T-shirt size does your child wear?",
    ),
    required=False,
    purpose=Purpose.CAMP,
    choices=(
        Choice("104", _texts("98/104, 3 en 4 jaar", "98/104, 3 et 4 ans", "98/104, 3 and 4 years")),
        Choice("116", _texts("110/116, 5 en 6 jaar", "110/116, 5 et 6 ans", "110/116, 5 and 6 years")),
        Choice("128", _texts("122/128, 7 en 8 jaar", "122/128, 7 et 8 ans", "122/128, 7 and 8 years")),
        Choice("140", _texts("134/140, 9 en 10 jaar", "134/140, 9 et 10 ans", "134/140, 9 and 10 years")),
        Choice("152", _texts("146/152, 11 en 12 jaar", "146/152, 11 et 12 ans", "146/152, 11 and 12 years")),
        Choice("164", _texts("158/164, 13 en 14 jaar", "158/164, 13 et 14 ans", "158/164, 13 and 14 years")),
    ),
)
EXAMPLES = {question.key: question for question in (PHOTOS, LUNCH, SWIMMING, SHIRT)}
