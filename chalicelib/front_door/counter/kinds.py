"""The sixteen certificates of a Belgian home counter, as data: the forms by which they are asked for.

Where a federal portal gives a certificate at once and free, with the same value, the form says so first, with the link.
Looked up in November 2026: what Mijn Dossier gives, in the lists of the embassies in Bogota and Luxembourg; its value,
at municipalities (ruiselede.be, kortenberg.be, montigny-le-tilleul.be); acts, at Just-on-web's opening (21 March 2023)
and justitie.belgium.be; organ donation, in De Standaard of 26 June 2020. Of death, divorce and the criminal record no
such portal was found: municipalities give these. The portals themselves could not be opened from here.

Deadlines are examples: the law sets none, a city sets its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.core.languages import N_
from chalicelib.front_door.deadlines import DayCount, DeadlineRule
from chalicelib.front_door.forms.rules import Form, FormKind
from chalicelib.programme.questions.rules import Choice, Purpose, Question, QuestionKind

Labels = Mapping[str, str]


def _said(nl: str, fr: str, en: str) -> Labels:
    return {"nl": nl, "fr": fr, "en": en}


@dataclass(frozen=True)
class Portal:
    """Another portal that gives a certificate at once and free. `said`: for the citizen, language to text."""

    link: str
    said: Labels


MY_FILE = Portal(
    "https://mijndossier.rrn.fgov.be",
    _said(
        "Met je elektronische identiteitskaart (eID) en een kaartlezer haal je dit attest meteen en gratis zelf op bij "
        "Mijn Dossier van het Rijksregister. Het heeft dezelfde waarde als een attest van de gemeente.",
        "Avec votre carte d’identité électronique (eID) et un lecteur de cartes, vous obtenez cette attestation "
        "immédiatement et gratuitement sur Mon Dossier du Registre national. Elle a la même valeur que celle de la "
        "commune.",
        "With your electronic identity card (eID) and a card reader you get this certificate at once and free from My "
        "File of the National Register. It is worth as much as one of the municipality.",
    ),
)
JUST_ON_WEB = Portal(
    "https://justonweb.be",
    _said(
        "Met eID of itsme haal je een uittreksel of afschrift meteen en gratis zelf op bij Just-on-web van Justitie. "
        "Staat een oudere akte er nog niet op, vraag ze dan hier.",
        "Avec l’eID ou itsme, vous obtenez un extrait ou une copie immédiatement et gratuitement sur Just-on-web de la "
        "Justice. Si un acte plus ancien n’y est pas encore, demandez-le ici.",
        "With eID or itsme you get an extract or a copy at once and free from Just-on-web of the justice department. "
        "If an older record is not there yet, ask for it here.",
    ),
)
MY_HEALTH = Portal(
    "https://www.mijngezondheid.belgium.be",
    _said(
        "Met eID of itsme registreer je je keuze meteen en gratis zelf op Mijngezondheid. Je huisarts kan het ook.",
        "Avec l’eID ou itsme, vous enregistrez votre choix immédiatement et gratuitement sur Masanté. Votre médecin "
        "traitant peut le faire aussi.",
        "With eID or itsme you register your choice at once and free at Mijngezondheid. Your doctor can do it too.",
    ),
)

# Who may ask: for whom a certificate may be.
SELF, CHILD, OTHER = "self", "child", "other"
_WHOM = {
    SELF: _said("Voor mezelf", "Pour moi-même", "For myself"),
    CHILD: _said("Voor mijn minderjarig kind", "Pour mon enfant mineur", "For my child who is under 18"),
    OTHER: _said(
        "Voor iemand anders, die mij een volmacht gaf of van wie ik erfgenaam of echtgenoot ben",
        "Pour quelqu’un d’autre, qui m’a donné procuration ou dont je suis l’héritier ou le conjoint",
        "For somebody else, who gave me a mandate or whose heir or spouse I am",
    ),
}

REGISTER = N_("Compare name and birth date with the register, and write down what it says today.")
RECORD = N_(
    "Find the record in the database of civil status. Who asks must be one of those who may: the person, the legal "
    "representative, or somebody with a justified interest that the law names."
)
CRIMINAL = N_("Ask for the extract in the criminal register by the model that was asked for. Check what it is for.")
MINORS = N_(
    "Ask for the extract by model 596.2, and the local police for what it must add. It takes some days: do not issue "
    "it before they answered."
)
WISH = N_("Register the wish first. Only the person may do so: never somebody with a mandate.")
ALIVE = N_("See the person, at the desk or by a sign-in of today. A mandate does not show that somebody lives.")


@dataclass(frozen=True)
class CertificateKind:
    """`law`: by which it is given. `whom`: for whom it may be asked. `checks`: what the clerk looks at before it is
    issued, to be translated."""

    form_id: str
    title: Labels
    law: str
    checks: str
    whom: tuple[str, ...] = (SELF, CHILD, OTHER)
    portal: Portal | None = None
    questions: tuple[Question, ...] = ()
    days: int = 3


_REGISTERS = "KB 16 juli 1992 betreffende het verkrijgen van informatie uit de bevolkingsregisters"
_RECORDS = "oud BW, art. 28–29; KB 11 november 2024"


def _words(key: str, label: Labels, *, required: bool = True, most: int = 200) -> Question:
    return Question(key, QuestionKind.TEXT, label, required, Purpose.CASE, most=most)


def _date(key: str, label: Labels) -> Question:
    return Question(key, QuestionKind.DATE, label, True, Purpose.CASE)


WHEN = _date("happened", _said("Datum van de akte", "Date de l’acte", "Date of the record"))
WHERE = _words(
    "where",
    _said(
        "Gemeente waar de akte is opgemaakt",
        "Commune où l’acte a été dressé",
        "Municipality in which the record was made",
    ),
)
ACTIVITY = _words(
    "activity",
    _said("Voor welke activiteit is het?", "Pour quelle activité ?", "Which activity is it for?"),
)

SIXTEEN = (
    CertificateKind(
        "household",
        _said("Gezinssamenstelling", "Composition de ménage", "Household composition"),
        _REGISTERS,
        REGISTER,
        portal=MY_FILE,
    ),
    CertificateKind(
        "residence",
        _said("Bewijs van woonst", "Attestation de résidence", "Certificate of residence"),
        _REGISTERS,
        REGISTER,
        portal=MY_FILE,
    ),
    CertificateKind(
        "residence-history",
        _said(
            "Bewijs van woonst met historiek",
            "Attestation de résidence avec historique",
            "Certificate of residence with earlier addresses",
        ),
        _REGISTERS,
        REGISTER,
        portal=MY_FILE,
    ),
    CertificateKind(
        "residence-marriage",
        _said(
            "Bewijs van woonst voor een huwelijk",
            "Attestation de résidence en vue d’un mariage",
            "Certificate of residence for a marriage",
        ),
        _REGISTERS,
        REGISTER,
        whom=(SELF,),
        portal=MY_FILE,
    ),
    CertificateKind(
        "birth",
        _said("Uittreksel uit de geboorteakte", "Extrait de l’acte de naissance", "Extract of a birth record"),
        _RECORDS,
        RECORD,
        portal=JUST_ON_WEB,
        questions=(WHERE,),
    ),
    CertificateKind(
        "marriage",
        _said("Uittreksel uit de huwelijksakte", "Extrait de l’acte de mariage", "Extract of a marriage record"),
        _RECORDS,
        RECORD,
        whom=(SELF, OTHER),
        portal=JUST_ON_WEB,
        questions=(WHEN, WHERE),
    ),
    CertificateKind(
        "death",
        _said("Uittreksel uit de overlijdensakte", "Extrait de l’acte de décès", "Extract of a death record"),
        _RECORDS,
        RECORD,
        whom=(OTHER,),
        questions=(WHEN, WHERE),
    ),
    CertificateKind(
        "divorce",
        _said(
            "Uittreksel uit de akte van echtscheiding", "Extrait de l’acte de divorce", "Extract of a divorce record"
        ),
        _RECORDS,
        RECORD,
        whom=(SELF, OTHER),
        questions=(WHEN,),
    ),
    CertificateKind(
        "nationality",
        _said(
            "Bewijs van Belgische nationaliteit",
            "Certificat de nationalité belge",
            "Certificate of Belgian nationality",
        ),
        _REGISTERS,
        REGISTER,
        portal=MY_FILE,
    ),
    CertificateKind(
        "life",
        _said("Bewijs van leven", "Certificat de vie", "Certificate of life"),
        _REGISTERS,
        ALIVE,
        whom=(SELF, CHILD),
        portal=MY_FILE,
    ),
    CertificateKind(
        "cohabitation",
        _said(
            "Bewijs van wettelijke samenwoning",
            "Attestation de cohabitation légale",
            "Certificate of legal cohabitation",
        ),
        f"{_REGISTERS}; oud BW, art. 1475–1476",
        REGISTER,
        whom=(SELF, OTHER),
        portal=MY_FILE,
    ),
    CertificateKind(
        "criminal-595",
        _said(
            "Uittreksel uit het strafregister, model 595",
            "Extrait de casier judiciaire, modèle 595",
            "Criminal record extract, model 595",
        ),
        "Wetboek van Strafvordering, art. 595",
        CRIMINAL,
        whom=(SELF, OTHER),
        questions=(ACTIVITY,),
    ),
    CertificateKind(
        "criminal-596-1",
        _said(
            "Uittreksel uit het strafregister voor een gereglementeerde activiteit, model 596.1",
            "Extrait de casier judiciaire pour une activité réglementée, modèle 596.1",
            "Criminal record extract for a regulated activity, model 596.1",
        ),
        "Wetboek van Strafvordering, art. 596, eerste lid",
        CRIMINAL,
        whom=(SELF, OTHER),
        questions=(ACTIVITY,),
    ),
    CertificateKind(
        "criminal-596-2",
        _said(
            "Uittreksel uit het strafregister voor werk met minderjarigen, model 596.2",
            "Extrait de casier judiciaire pour un contact avec des mineurs, modèle 596.2",
            "Criminal record extract for work with minors, model 596.2",
        ),
        "Wetboek van Strafvordering, art. 596, tweede lid",
        MINORS,
        whom=(SELF, OTHER),
        questions=(ACTIVITY,),
        days=15,
    ),
    CertificateKind(
        "organ-donation",
        _said(
            "Verklaring over orgaandonatie", "Déclaration relative au don d’organes", "Declaration about organ donation"
        ),
        "wet van 13 juni 1986, art. 10",
        WISH,
        whom=(SELF, CHILD),
        portal=MY_HEALTH,
    ),
    CertificateKind(
        "burial-wishes",
        _said(
            "Laatste wilsbeschikking over begraven of cremeren",
            "Dernières volontés quant au mode de sépulture",
            "Wishes about burial or cremation",
        ),
        "Vlaams decreet van 16 januari 2004 op de begraafplaatsen, art. 15",
        WISH,
        whom=(SELF,),
        portal=MY_FILE,
    ),
)
BY_FORM = {kind.form_id: kind for kind in SIXTEEN}

WHO_CHECKS = _said(
    "We moeten zeker weten wie je bent. Kom langs met je identiteitskaart, of meld je aan als de stad dat aanbiedt: de "
    "pagina van je aanvraag zegt hoe.",
    "Nous devons être sûrs de votre identité. Passez avec votre carte d’identité, ou identifiez-vous en ligne si la "
    "ville le propose : la page de votre demande dit comment.",
    "We must be sure who you are. Come by with your identity card, or sign in if the city offers it: the page of your "
    "request says how.",
)
RECEIPT = _said(
    "We hebben je aanvraag. Zodra we weten wie je bent en het attest klaar is, haal je het op met de link van je "
    "ontvangstbewijs.",
    "Nous avons votre demande. Dès que votre identité est établie et que l’attestation est prête, vous la téléchargez "
    "par le lien de votre accusé de réception.",
    "We have your request. As soon as we know who you are and the certificate is ready, you download it by the link of "
    "your receipt.",
)
IF_NOT = _said(
    "Geen antwoord op tijd? Bel de balie met het nummer van je ontvangstbewijs.",
    "Pas de réponse à temps ? Appelez le guichet avec le numéro de votre accusé de réception.",
    "No answer in time? Call the desk with the number of your receipt.",
)


def form_of(kind: CertificateKind, owner: str, version: int = 1) -> Form:
    """The form by which it is asked for. `owner`: a unit_id; "": none yet."""
    whom = Question(
        "whom",
        QuestionKind.CHOICE,
        _said("Voor wie is het?", "Pour qui est-ce ?", "For whom is it?"),
        True,
        Purpose.CASE,
        choices=tuple(Choice(one, _WHOM[one]) for one in kind.whom),
    )
    about = (
        _words(
            "name",
            _said("Voornaam en naam van die persoon", "Prénom et nom de cette personne", "Full name of that person"),
        ),
        _date("born", _said("Geboortedatum", "Date de naissance", "Birth date")),
    )
    purpose = _words(
        "purpose",
        _said("Waarvoor heb je het nodig?", "À quoi servira-t-elle ?", "What do you need it for?"),
        required=False,
    )
    return Form(
        form_id=kind.form_id,
        version=version,
        kind=FormKind.CERTIFICATE,
        title=kind.title,
        intro=WHO_CHECKS,
        questions=(whom, *about, *kind.questions, purpose),
        owner=owner,
        deadline=DeadlineRule(kind.days, DayCount.WORKING, "BE", law=kind.law),
        receipt=RECEIPT,
        if_not=IF_NOT,
        at_once=kind.portal.said if kind.portal else {},
        at_once_link=kind.portal.link if kind.portal else "",
    )


# Shipped, for a city to take and change (front_door/forms/examples.py).
FORMS: Mapping[str, Form] = {kind.form_id: form_of(kind, "") for kind in SIXTEEN}
