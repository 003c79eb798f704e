"""Questions as cities ask them."""

from datetime import UTC, datetime

from chalicelib.people.staff.rules import Staff
from chalicelib.programme.questions.rules import Choice, Purpose, Question, QuestionKind, QuestionSet

AN = Staff("an-42", "An Peeters", frozenset())
SINCE = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


def texts(nl: str, fr: str, en: str) -> dict[str, str]:
    return {"nl": nl, "fr": fr, "en": en}


PHOTOS = Question(
    "photo_consent",
    QuestionKind.YES_NO,
    texts("Mogen we foto's maken?", "Pouvons-nous prendre des photos ?", "May we take photos?"),
    required=True,
    purpose=Purpose.CAMP,
)
LUNCH = Question(
    "lunch",
    QuestionKind.CHOICE,
    texts("Middagmaal", "Repas de midi", "Lunch"),
    required=True,
    purpose=Purpose.KITCHEN,
    choices=(
        Choice("own", texts("Eigen boterhammen", "Ses tartines", "Own sandwiches")),
        Choice("soup", texts("Soep erbij", "Avec soupe", "Soup with it")),
    ),
)
ALLERGENS = Question(
    "allergens",
    QuestionKind.SEVERAL,
    texts("Wat eet je kind niet?", "Que ne mange pas votre enfant ?", "What does your child not eat?"),
    required=False,
    purpose=Purpose.KITCHEN,
    choices=(
        Choice("nuts", texts("Noten", "Noix", "Nuts")),
        Choice("gluten", texts("Gluten", "Gluten", "Gluten")),
    ),
)
SHOE = Question(
    "shoe",
    QuestionKind.NUMBER,
    texts("Schoenmaat", "Pointure", "Shoe size"),
    required=False,
    purpose=Purpose.CAMP,
    least=20,
    most=48,
)
TETANUS = Question(
    "tetanus",
    QuestionKind.DATE,
    texts("Laatste tetanusprik", "Dernier vaccin antitétanique", "Last tetanus shot"),
    required=False,
    purpose=Purpose.CAMP,
)
WHY = Question(
    "why",
    QuestionKind.TEXT,
    texts("Hoe kende je ons?", "Comment nous connaissez-vous ?", "How did you hear of us?"),
    required=False,
    purpose=Purpose.STATISTICS,
    help=texts("In enkele woorden", "En quelques mots", "In some words"),
    most=200,
)
EVERY = (PHOTOS, LUNCH, ALLERGENS, SHOE, TETANUS, WHY)


def asked(*questions: Question, of: str = "k7mxfar3ct", version: int = 1, **more: object) -> QuestionSet:
    return QuestionSet(of, version, questions, SINCE, AN, **more)
