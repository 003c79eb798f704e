"""Forms that are shipped. A city takes one, names the unit that answers, puts its own phone numbers in, and changes
what it wants: so none of them is published as it is here."""

from collections.abc import Mapping

from chalicelib.front_door.deadlines import DayCount, DeadlineRule
from chalicelib.front_door.forms.rules import ABOUT_KEY, ContactRule, Form, FormKind, PlaceRule
from chalicelib.programme.questions.rules import Choice, Purpose, Question, QuestionKind


def _t(nl: str, fr: str, en: str) -> dict[str, str]:
    return {"nl": nl, "fr": fr, "en": en}


_NOTHING: dict[str, str] = {}


def _words(key: str, label: dict[str, str], help_: dict[str, str] = _NOTHING, most: int = 1_000) -> Question:
    return Question(key, QuestionKind.TEXT, label, True, Purpose.CASE, help=help_, most=most)


def _maybe(key: str, label: dict[str, str], help_: dict[str, str] = _NOTHING, most: int = 1_000) -> Question:
    return Question(key, QuestionKind.TEXT, label, False, Purpose.CASE, help=help_, most=most)


_STORY = _words(
    "story",
    _t("Wat is er gebeurd?", "Que s’est-il passé ?", "What happened?"),
    _t(
        "Vertel het in je eigen woorden: wat, waar, en wie erbij was als je dat weet.",
        "Racontez-le avec vos mots : quoi, où, et qui était là si vous le savez.",
        "Tell it in your own words: what, where, and who was there if you know.",
    ),
)
_WHEN = Question(
    "day",
    QuestionKind.DATE,
    _t("Op welke dag?", "Quel jour ?", "On which day?"),
    False,
    Purpose.CASE,
    help=_t(
        "Weet je het niet precies, laat het dan open.",
        "Si vous ne le savez pas exactement, laissez ce champ vide.",
        "If you do not know exactly, leave it open.",
    ),
)
_WISH = _maybe(
    "wish",
    _t("Wat moet er volgens jou gebeuren?", "Que devrait-il se passer selon vous ?", "What should happen now?"),
    most=500,
)
_REFERENCE = _words(
    ABOUT_KEY,
    _t("Kenmerk van de inschrijving", "Référence de l’inscription", "Reference of the registration"),
    _t(
        "Het staat in de mail over je inschrijving. Zo zien we meteen wat er gebeurd is.",
        "Elle se trouve dans l’e-mail sur votre inscription. Nous voyons ainsi tout de suite ce qui s’est passé.",
        "It is in the mail about your registration. With it we see at once what happened.",
    ),
    most=30,
)
_COMPLAINT = _t("Een klacht indienen", "Introduire une plainte", "Make a complaint")
_COMPLAINT_INTRO = _t(
    "Ging er iets mis in hoe we je behandelden? Zeg het ons. Iemand die er niet bij betrokken was, zoekt het uit en "
    "antwoordt je met redenen. Ben je het niet eens met een besluit, dan heb je bezwaar of beroep nodig: hoe, staat in "
    "het besluit.",
    "Quelque chose s’est mal passé dans la manière dont nous vous avons traité ? Dites-le-nous. Une personne qui n’y "
    "était pas mêlée examine la plainte et vous répond en donnant ses raisons. Si vous contestez une décision, il vous "
    "faut un recours : la décision indique comment faire.",
    "Did something go wrong in how we treated you? Tell us. Somebody who had no part in it looks into it and answers "
    "you with reasons. If you disagree with a decision, you need an objection or an appeal: the decision says how.",
)
_COMPLAINT_RECEIPT = _t(
    "We hebben je klacht. Iemand die er niet bij betrokken was, onderzoekt ze. Misschien bellen we je om het beter te "
    "begrijpen.",
    "Nous avons reçu votre plainte. Une personne qui n’y était pas mêlée l’examine. Nous vous appellerons peut-être "
    "pour mieux la comprendre.",
    "We have your complaint. Somebody who had no part in it looks into it. We may call you to understand it better.",
)
_CALL = _t(
    "Geen antwoord gekregen? Bel de stad met het nummer van je ontvangstbewijs bij de hand: we zeggen je meteen waar "
    "het ligt.",
    "Pas de réponse ? Appelez la ville avec le numéro de votre accusé de réception : nous vous dirons tout de suite où "
    "en est votre demande.",
    "No answer? Call the city with the number of your receipt at hand: we tell you at once where it is.",
)
_OMBUDSMAN = _t(
    "Geen antwoord gekregen, of ben je er niet tevreden mee? Bel de stad met het nummer van je ontvangstbewijs. Je kan "
    "ook naar de ombudsman, die onafhankelijk is en niets kost.",
    "Pas de réponse, ou une réponse qui ne vous satisfait pas ? Appelez la ville avec le numéro de votre accusé de "
    "réception. Vous pouvez aussi vous adresser au médiateur, qui est indépendant et gratuit.",
    "No answer, or not content with it? Call the city with the number of your receipt. You can also go to the "
    "ombudsman, who is independent and free of charge.",
)

COMPLAINT_NL = Form(
    form_id="complaint",
    version=1,
    kind=FormKind.COMPLAINT,
    title=_COMPLAINT,
    intro=_COMPLAINT_INTRO,
    questions=(_STORY, _WHEN, _WISH),
    owner="",
    deadline=DeadlineRule(42, DayCount.CALENDAR, "NL", 28, "Awb 9:11"),
    receipt=_COMPLAINT_RECEIPT,
    if_not=_OMBUDSMAN,
)
COMPLAINT_BE = Form(
    form_id="complaint",
    version=1,
    kind=FormKind.COMPLAINT,
    title=_COMPLAINT,
    intro=_COMPLAINT_INTRO,
    questions=(_STORY, _WHEN, _WISH),
    owner="",
    deadline=DeadlineRule(45, DayCount.CALENDAR, "BE", 0, "Decreet Lokaal Bestuur, art. 302-303"),
    receipt=_COMPLAINT_RECEIPT,
    if_not=_OMBUDSMAN,
)
STREET = Form(
    form_id="street",
    version=1,
    kind=FormKind.REPORT,
    title=_t("Iets melden op straat", "Signaler un problème dans la rue", "Report something in the street"),
    intro=_t(
        "Is er iets stuk, vuil of gevaarlijk op straat of in een park? Zeg waar het is en wat je ziet: een foto helpt. "
        "Je naam hoeft niet. Is er nu gevaar voor mensen, bel dan 112.",
        "Quelque chose est cassé, sale ou dangereux dans la rue ou dans un parc ? Dites où et ce que vous voyez : une "
        "photo aide. Votre nom n’est pas nécessaire. Si des personnes sont en danger maintenant, appelez le 112.",
        "Is something broken, dirty or dangerous in the street or in a park? Tell us where it is and what you see: a "
        "photo helps. We do not need your name. If people are in danger now, call 112.",
    ),
    questions=(
        Question(
            "sort",
            QuestionKind.CHOICE,
            _t("Wat is het?", "De quoi s’agit-il ?", "What is it?"),
            True,
            Purpose.CASE,
            choices=(
                Choice("pavement", _t("Stoep of fietspad", "Trottoir ou piste cyclable", "Pavement or cycle path")),
                Choice(
                    "road", _t("Put of schade in de weg", "Trou ou dégât sur la route", "Hole or damage in the road")
                ),
                Choice("light", _t("Straatlamp", "Éclairage public", "Street light")),
                Choice("litter", _t("Zwerfvuil of sluikstort", "Déchets ou dépôt sauvage", "Litter or dumped waste")),
                Choice("green", _t("Boom, struik of gras", "Arbre, buisson ou pelouse", "Tree, bush or grass")),
                Choice(
                    "water", _t("Riool of water op straat", "Égout ou eau sur la rue", "Drain, or water in the street")
                ),
                Choice("sign", _t("Verkeersbord of verkeerslicht", "Panneau ou feu", "Traffic sign or traffic light")),
                Choice("playground", _t("Speeltuig of zitbank", "Jeu ou banc", "Play equipment or bench")),
                Choice("other", _t("Iets anders", "Autre chose", "Something else")),
            ),
        ),
        _words(
            "what",
            _t("Wat zie je?", "Que voyez-vous ?", "What do you see?"),
            _t(
                "Schrijf geen namen of nummerplaten van anderen.",
                "N’écrivez ni nom ni plaque d’immatriculation d’autrui.",
                "Write no names or number plates of others.",
            ),
        ),
        Question(
            "danger",
            QuestionKind.YES_NO,
            _t(
                "Kan iemand er vandaag door gewond raken?",
                "Quelqu’un peut-il se blesser aujourd’hui ?",
                "Can somebody be hurt by it today?",
            ),
            False,
            Purpose.CASE,
        ),
    ),
    owner="",
    deadline=DeadlineRule(10, DayCount.WORKING, "BE", 20, ""),
    receipt=_t(
        "Bedankt. We gaan kijken en laten je weten wat we doen.",
        "Merci. Nous allons voir et vous dirons ce que nous faisons.",
        "Thank you. We go and look, and let you know what we do.",
    ),
    if_not=_CALL,
    contact=ContactRule.OPTIONAL,
    place=PlaceRule.REQUIRED,
    most_photos=3,
    kept_months=12,
)
QUESTION = Form(
    form_id="question",
    version=1,
    kind=FormKind.QUESTION,
    title=_t("Een vraag stellen", "Poser une question", "Ask a question"),
    intro=_t(
        "Weet je niet bij wie je moet zijn? Vraag het hier. Je hoeft niet te weten hoe een dienst heet.",
        "Vous ne savez pas à qui vous adresser ? Demandez-le ici. Vous n’avez pas à connaître le nom d’un service.",
        "Do you not know who to ask? Ask here. You need not know what a department is called.",
    ),
    questions=(
        _words("question", _t("Je vraag", "Votre question", "Your question")),
        _maybe(
            "before",
            _t("Wat heb je al geprobeerd?", "Qu’avez-vous déjà essayé ?", "What have you tried already?"),
            _t(
                "Dan sturen we je niet nog eens naar dezelfde plaats.",
                "Nous ne vous renverrons pas au même endroit.",
                "So that we do not send you to the same place again.",
            ),
            500,
        ),
    ),
    owner="",
    deadline=DeadlineRule(5, DayCount.WORKING, "BE", 10, ""),
    receipt=_t(
        "We hebben je vraag. Wie het antwoord kent, schrijft of belt je.",
        "Nous avons reçu votre question. La personne qui connaît la réponse vous écrira ou vous appellera.",
        "We have your question. Whoever knows the answer writes to you or calls you.",
    ),
    if_not=_CALL,
    kept_months=12,
)
SUGGESTION = Form(
    form_id="suggestion",
    version=1,
    kind=FormKind.SUGGESTION,
    title=_t("Een idee voor de stad", "Une idée pour la ville", "An idea for the city"),
    intro=_t(
        "Wat kan beter? We lezen elk idee en zeggen je wat we ermee doen, ook als het niet kan.",
        "Qu’est-ce qui pourrait être mieux ? Nous lisons chaque idée et vous disons ce que nous en faisons, même si ce "
        "n’est pas possible.",
        "What could be better? We read each idea and tell you what we do with it, also if it cannot be done.",
    ),
    questions=(
        _words("idea", _t("Je idee", "Votre idée", "Your idea")),
        _maybe("for_whom", _t("Voor wie is het goed?", "À qui cela profite-t-il ?", "Who is it good for?"), most=300),
    ),
    owner="",
    deadline=DeadlineRule(30, DayCount.CALENDAR, "BE", 30, ""),
    receipt=_t(
        "Bedankt voor je idee. Je hoort wat we ermee doen.",
        "Merci pour votre idée. Nous vous dirons ce que nous en faisons.",
        "Thank you for your idea. You will hear what we do with it.",
    ),
    if_not=_CALL,
    contact=ContactRule.OPTIONAL,
    place=PlaceRule.OPTIONAL,
    kept_months=12,
)
REGISTRATION = Form(
    form_id="registration",
    version=1,
    kind=FormKind.COMPLAINT,
    title=_t("Een klacht over een inschrijving", "Une plainte sur une inscription", "A complaint about a registration"),
    intro=_t(
        "Ging er iets mis toen je inschreef voor een kamp of een activiteit? Met het kenmerk zien we wat er gebeurde, "
        "en wanneer. Je plaats verandert niet doordat je klaagt.",
        "Quelque chose s’est mal passé lors d’une inscription à un stage ou à une activité ? Avec la référence, nous "
        "voyons ce qui s’est passé, et quand. Votre plainte ne change rien à votre place.",
        "Did something go wrong when you registered for a camp or an activity? With the reference we see what "
        "happened, and when. Your place does not change because you complain.",
    ),
    questions=(
        _REFERENCE,
        Question(
            "about",
            QuestionKind.CHOICE,
            _t("Waarover gaat het?", "De quoi s’agit-il ?", "What is it about?"),
            True,
            Purpose.CASE,
            choices=(
                Choice("registering", _t("Het inschrijven zelf", "L’inscription elle-même", "Registering itself")),
                Choice(
                    "waiting",
                    _t("De wachtlijst of de loting", "La liste d’attente ou le tirage", "The waiting list or the draw"),
                ),
                Choice("money", _t("Betalen of terugbetalen", "Le paiement ou le remboursement", "Paying or a refund")),
                Choice("camp", _t("Het kamp of de activiteit", "Le stage ou l’activité", "The camp or the activity")),
            ),
        ),
        _STORY,
        _WISH,
    ),
    owner="",
    deadline=DeadlineRule(45, DayCount.CALENDAR, "BE", 0, "Decreet Lokaal Bestuur, art. 302-303"),
    receipt=_COMPLAINT_RECEIPT,
    if_not=_OMBUDSMAN,
)
YOUTH = Form(
    form_id="youth-care",
    version=1,
    kind=FormKind.QUESTION,
    title=_t(
        "Een vraag over hulp voor een kind", "Une question sur l’aide à un enfant", "A question about help for a child"
    ),
    intro=_t(
        "Maak je je zorgen over een kind, of zoek je hulp voor je gezin? Alleen de mensen van jeugdhulp lezen dit. Is "
        "er nu gevaar, bel dan 112.",
        "Vous vous inquiétez pour un enfant, ou vous cherchez de l’aide pour votre famille ? Seules les personnes de "
        "l’aide à la jeunesse lisent ceci. En cas de danger immédiat, appelez le 112.",
        "Are you worried about a child, or looking for help for your family? Only the people of youth care read this. "
        "If there is danger now, call 112.",
    ),
    questions=(
        _words(
            "ask",
            _t(
                "Wat wil je vragen of vertellen?",
                "Que voulez-vous demander ou raconter ?",
                "What do you want to ask or tell?",
            ),
            _t(
                "Schrijf niet meer dan nodig. We bellen je om de rest te horen.",
                "N’écrivez pas plus que nécessaire. Nous vous appellerons pour entendre le reste.",
                "Write no more than you need to. We call you to hear the rest.",
            ),
        ),
        _maybe(
            "call",
            _t("Wanneer kunnen we je best bellen?", "Quand pouvons-nous vous appeler ?", "When can we best call you?"),
            most=200,
        ),
    ),
    owner="",
    deadline=DeadlineRule(3, DayCount.WORKING, "BE", 0, ""),
    receipt=_t(
        "We hebben je bericht. Iemand van jeugdhulp neemt contact met je op. Niemand anders leest het.",
        "Nous avons reçu votre message. Quelqu’un de l’aide à la jeunesse prendra contact avec vous. Personne d’autre "
        "ne le lit.",
        "We have your message. Somebody of youth care will be in touch. Nobody else reads it.",
    ),
    if_not=_t(
        "Geen antwoord gekregen? Bel ons met het nummer van je ontvangstbewijs. Wil je nu met iemand praten: Awel "
        "(102) voor kinderen en jongeren, Tele-Onthaal (106) voor iedereen.",
        "Pas de réponse ? Appelez-nous avec le numéro de votre accusé de réception. Pour parler à quelqu’un maintenant "
        ": le 103 pour les enfants et les jeunes, le 107 pour tous.",
        "No answer? Call us with the number of your receipt. To talk to somebody now: 102 (Awel) for children and "
        "young people, 106 (Tele-Onthaal) for everybody; both in Dutch.",
    ),
    is_confidential=True,
    kept_months=12,
)

# By the name under which a city chooses one.
EXAMPLES: Mapping[str, Form] = {
    "complaint-be": COMPLAINT_BE,
    "complaint-nl": COMPLAINT_NL,
    "street": STREET,
    "question": QUESTION,
    "suggestion": SUGGESTION,
    "registration": REGISTRATION,
    "youth-care": YOUTH,
}
