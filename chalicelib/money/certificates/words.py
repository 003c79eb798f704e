"""The words of the certificate 281.86: the administration's model, in its two languages here, Dutch and French.

Not in the catalogues of the pages: a certificate has no English, and its words are the law's.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class PaperWords:
    title: str
    grounds: str
    organizer: str
    kbo: str
    street: str
    postcode: str
    town: str
    box_one: str
    not_filled_in: str
    box_two: str
    number: str
    duplicate: str
    replaces: str
    replaced: str
    cancelled: str
    payer: str
    child: str
    last_name: str
    first_name: str
    born: str
    national_number: str
    erased: str
    address: str
    periods: str
    columns: tuple[str, str, str, str, str]
    dates: str
    total: str
    signed: str
    done_at: str
    authorised: str
    name: str
    capacity: str
    signature: str
    notes: tuple[str, ...]


NL = PaperWords(
    title="ATTEST NR. 281.86 (JAAR VAN DE UITGAVEN {year})",
    grounds=(
        "Dit attest geldt als jaarlijks attest uitgereikt overeenkomstig artikel 63(18/8) van het koninklijk besluit "
        "tot uitvoering van het Wetboek van de inkomstenbelastingen 1992 (KB/WIB 92), met het oog op de toekenning van "
        "de belastingvermindering voor kinderoppas (1)."
    ),
    organizer="Naam van de instantie of de persoon (hierna ‘de instantie’) die instaat voor de opvang (2)",
    kbo="KBO-nr.",
    street="Straat",
    postcode="Postcode",
    town="Gemeente",
    box_one="Vak I (dit vak moet niet altijd worden ingevuld)",
    not_filled_in="Niet ingevuld: de instantie die instaat voor de opvang is zelf een lokaal openbaar bestuur.",
    box_two="Vak II",
    number="1. Volgnummer van het attest",
    duplicate="duplicaat",
    replaces="Verbeterd attest: vervangt attest nr. {number}",
    replaced="Dit attest geldt niet meer: het is vervangen door attest nr. {number}",
    cancelled="GEANNULEERD op {day}: dit attest geldt niet meer",
    payer="2. Gegevens van de schuldenaar van de uitgaven voor kinderoppas",
    child="3. Gegevens van het kind",
    last_name="Naam",
    first_name="Voornaam",
    born="Geboortedatum",
    national_number="Identificatienummer van het Rijksregister of de KSZ",
    erased="meegedeeld aan de FOD Financiën en hier gewist",
    address="Adres",
    periods="4. Periode waarin het kind is opgevangen (3)",
    columns=("Periode", "Datum", "Aantal dagen", "Dagtarief (4)", "Ontvangen bedrag"),
    dates="{first} tot {last}",
    total="Totaal",
    signed="Ondergetekende bevestigt de juistheid van de hierboven vermelde inlichtingen.",
    done_at="Gedaan te {town}, {day}",
    authorised="Persoon die gemachtigd is om de instantie die instaat voor de opvang te verbinden",
    name="Naam",
    capacity="Hoedanigheid",
    signature="Handtekening",
    notes=(
        "(1) Dit attest wordt slechts in één exemplaar uitgereikt. De schuldenaar van de uitgaven voor kinderoppas "
        "houdt het ter beschikking van de administratie. De schuldenaar is de persoon die normaal gezien gehouden is "
        "tot de betaling van de uitgaven voor kinderoppas en die de uitgaven betaalt of draagt. Hij heeft enkel recht "
        "op de belastingvermindering als hij het kind fiscaal ten laste heeft of de helft van het fiscale voordeel "
        "voor kinderen ten laste krijgt (fiscaal co-ouderschap), en als ook aan alle andere wettelijke voorwaarden is "
        "voldaan.",
        "(2) Het lokale openbare bestuur dat de opvang organiseert.",
        "(3) Enkel opvang vóór de 14de verjaardag van het kind, of vóór de 21ste verjaardag van een kind met een zware "
        "handicap; enkel betaalde dagen waarop het kind er was; zonder maaltijden, afwezigheden en boetes.",
        "(4) Zijn er verschillende tarieven, dan staan de dagen per tarief vermeld. Per dag en per kind staat hier ten "
        "hoogste het wettelijke maximum van het jaar: {most}.",
    ),
)

FR = PaperWords(
    title="ATTESTATION N° 281.86 (ANNÉE DES DÉPENSES {year})",
    grounds=(
        "Cette attestation vaut comme attestation annuelle délivrée conformément à l’article 63(18/8) de l’arrêté "
        "royal d’exécution du Code des impôts sur les revenus 1992 (AR/CIR 92), en vue de l’octroi de la réduction "
        "d’impôt pour garde d’enfant (1)."
    ),
    organizer="Nom de l’organisme ou de la personne (ci-après, « l’organisme ») qui assure la garde (2)",
    kbo="N° BCE",
    street="Rue",
    postcode="Code postal",
    town="Commune",
    box_one="Cadre I (ce cadre ne doit pas être complété dans tous les cas)",
    not_filled_in="Non complété : l’organisme qui assure la garde est lui-même un pouvoir public local.",
    box_two="Cadre II",
    number="1. Numéro d’ordre de l’attestation",
    duplicate="duplicata",
    replaces="Attestation rectifiée : remplace l’attestation n° {number}",
    replaced="Cette attestation n’est plus valable : elle est remplacée par l’attestation n° {number}",
    cancelled="ANNULÉE le {day} : cette attestation n’est plus valable",
    payer="2. Données du débiteur des frais de garde d’enfant",
    child="3. Données de l’enfant",
    last_name="Nom",
    first_name="Prénom",
    born="Date de naissance",
    national_number="Numéro d’identification du Registre national ou de la BCSS",
    erased="communiqué au SPF Finances et effacé ici",
    address="Adresse",
    periods="4. Période durant laquelle l’enfant a été gardé (3)",
    columns=("Période", "Date", "Nombre de jours", "Tarif journalier (4)", "Montant perçu"),
    dates="du {first} au {last}",
    total="Total",
    signed="Le soussigné certifie l’exactitude des renseignements mentionnés ci-dessus.",
    done_at="Fait à {town}, le {day}",
    authorised="Personne habilitée à engager l’organisme qui assure la garde",
    name="Nom",
    capacity="Qualité",
    signature="Signature",
    notes=(
        "(1) Cette attestation n’est délivrée qu’en un seul exemplaire. Le débiteur des frais de garde d’enfant la "
        "tient à la disposition de l’administration. Le débiteur est la personne qui est normalement tenue au paiement "
        "des frais de garde et qui les paie ou les supporte. Il n’a droit à la réduction d’impôt que s’il a l’enfant "
        "fiscalement à charge ou s’il reçoit la moitié de l’avantage fiscal pour enfants à charge (coparenté fiscale), "
        "et si toutes les autres conditions légales sont remplies.",
        "(2) Le pouvoir public local qui organise la garde.",
        "(3) Uniquement la garde avant le 14e anniversaire de l’enfant, ou avant le 21e anniversaire d’un enfant "
        "atteint d’un handicap lourd ; uniquement les jours où l’enfant était présent et qui ont été payés ; sans les "
        "repas, les absences ni les amendes.",
        "(4) Si plusieurs tarifs s’appliquent, les jours sont indiqués par tarif. Par jour et par enfant, au plus le "
        "maximum légal de l’année est repris ici : {most}.",
    ),
)

WORDS = {"nl": NL, "fr": FR}
