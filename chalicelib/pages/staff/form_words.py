"""The words of a form of the front door, for staff: its parts, its fields, all that it says as lines to compare."""

from collections.abc import Iterator, Mapping

from chalicelib.core.languages import LANGUAGES, N_, translate
from chalicelib.core.languages.in_words import day
from chalicelib.front_door.deadlines import DayCount
from chalicelib.front_door.forms.rules import ContactRule, Form, FormKind, PlaceRule, RoutingRule
from chalicelib.front_door.routing.areas import Area
from chalicelib.front_door.units.rules import Unit
from chalicelib.pages.frame.pages import NAMES_OF_LANGUAGES
from chalicelib.programme.questions.rules import Question, QuestionKind, said

# The pages of a form, in the order in which one makes it.
PARTS: Mapping[str, str] = {
    "texts": N_("Title and introduction"),
    "questions": N_("Questions"),
    "answering": N_("Who answers, and by when"),
    "routing": N_("Other units, by answer or area"),
    "sender": N_("What the sender says of themselves"),
    "receipt": N_("Receipt, and if no answer comes"),
    "dates": N_("When it is there, and who gives it at once"),
}
KINDS: Mapping[str, str] = {
    FormKind.COMPLAINT: N_("complaint"),
    FormKind.REPORT: N_("report"),
    FormKind.QUESTION: N_("question"),
    FormKind.SUGGESTION: N_("suggestion"),
    FormKind.CERTIFICATE: N_("certificate"),
    FormKind.APPLICATION: N_("application"),
}
COUNTS: Mapping[str, str] = {
    DayCount.CALENDAR: N_("calendar days"),
    DayCount.WORKING: N_("working days: no weekends, no public holidays"),
}
COUNTRIES = {"BE": N_("Belgium"), "NL": N_("the Netherlands")}
CONTACTS: Mapping[str, str] = {
    ContactRule.REQUIRED: N_("The sender says how to reach them"),
    ContactRule.OPTIONAL: N_("It may come from nobody in particular"),
}
PLACES: Mapping[str, str] = {
    PlaceRule.NONE: N_("No place is asked for"),
    PlaceRule.OPTIONAL: N_("A place may be given"),
    PlaceRule.REQUIRED: N_("A place must be given"),
}
# What a shipped form is called in the list of those to begin with.
SHIPPED: Mapping[str, str] = {
    "complaint-be": N_("Complaint (Flemish municipality, 45 days)"),
    "complaint-nl": N_("Complaint (Netherlands, Awb, six weeks)"),
    "street": N_("Something in the street"),
    "question": N_("A question"),
    "suggestion": N_("An idea for the city"),
    "registration": N_("Complaint about a registration"),
    "youth-care": N_("Help for a child, confidential"),
}
YES_NO = {"yes": N_("Yes"), "no": N_("No")}
NO_UNIT = N_("no unit yet")


def unit_name(unit_id: str, units: Mapping[str, Unit], language: str) -> str:
    return said(units[unit_id].name, language) if unit_id in units else unit_id or translate(NO_UNIT, language)


def value_name(question: Question, value: str, language: str) -> str:
    if question.kind is QuestionKind.YES_NO:
        return translate(YES_NO.get(value, value), language)
    return next((said(one.label, language) for one in question.choices if one.value == value), value)


def of_rule(rule: RoutingRule, form: Form, areas: Mapping[str, Area], language: str) -> list[tuple[str, str]]:
    """What a rule is about: a question or the area, and what it must be."""
    questions = {question.key: question for question in form.questions}
    found = []
    for key, values in rule.answers.items():
        question = questions.get(key)
        names = [value_name(question, value, language) for value in values] if question else list(values)
        found.append((said(question.label, language) if question else key, " / ".join(names)))
    if rule.areas:
        names = [said(areas[one].name, language) if one in areas else one for one in rule.areas]
        found.append((translate(N_("Area"), language), " / ".join(names)))
    return found


def lines(form: Form, units: Mapping[str, Unit], areas: Mapping[str, Area], language: str) -> Iterator[tuple[str, str]]:
    """All that a form says, as label and text, for a comparison of two versions."""

    def word(text: str) -> str:
        return translate(text, language)

    yield word(N_("Kind")), word(KINDS[form.kind])
    texts = {
        N_("Title"): form.title,
        N_("Introduction"): form.intro,
        N_("What the receipt says"): form.receipt,
        N_("If no answer comes"): form.if_not,
        N_("Given at once elsewhere"): form.at_once,
    }
    for label, labels in texts.items():
        for code in LANGUAGES:
            yield f"{word(label)} ({NAMES_OF_LANGUAGES[code]})", labels.get(code, "")
    yield word(N_("Link")), form.at_once_link
    for question in form.questions:
        choices = [value_name(question, value, language) for value in question.values]
        must = word(N_("must be answered")) if question.required else word(N_("may be left open"))
        asked = " / ".join(question.label[code] for code in LANGUAGES)
        helps = " / ".join(text for text in question.help.values() if text)
        yield word(N_("Question")) + f" {question.key}", "; ".join(filter(None, (asked, helps, *choices, must)))
    yield word(N_("Order of the questions")), ", ".join(question.key for question in form.questions)
    yield word(N_("Unit that answers")), unit_name(form.owner, units, language)
    rules = [
        ", ".join(f"{label}: {text}" for label, text in of_rule(rule, form, areas, language))
        + " → "
        + unit_name(rule.unit_id, units, language)
        for rule in form.routing
    ]
    for number, rule in enumerate(rules, 1):
        yield word(N_("Rule")) + f" {number}", rule
    deadline = form.deadline
    yield word(N_("Answered within")), f"{deadline.days} {word(COUNTS[deadline.counted])}"
    yield word(N_("Public holidays of")), word(COUNTRIES[deadline.country])
    yield word(N_("May be lengthened by")), str(deadline.most_more_days)
    yield word(N_("Law or regulation")), deadline.law
    yield word(N_("Contact")), word(CONTACTS[form.contact])
    yield word(N_("Place")), word(PLACES[form.place])
    yield word(N_("Photos")), str(form.most_photos)
    yield word(N_("Confidential")), word(YES_NO["yes" if form.is_confidential else "no"])
    yield word(N_("Months that it is kept")), str(form.kept_months)
    yield word(N_("First day")), day(form.opens_on, language) if form.opens_on else ""
    yield word(N_("Last day")), day(form.closes_on, language) if form.closes_on else ""
