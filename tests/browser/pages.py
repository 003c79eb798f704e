"""Every page in every state, as (who looks, address, what must be read on it): looking.py looks at each, from a file
for each who looks, so that the workers that run the tests share them.

The summer is that of tests/core/http/summer.py, served by tests/pages/frame/serve.py.
"""

from dataclasses import dataclass

from chalicelib.front_door.cases.rules import case_id_of, receipt_of
from chalicelib.people.staff.rules import Role
from tests.camps import LOU
from tests.core.http import summer as summers
from tests.front_door import city
from tests.front_door.counter import given as counter
from tests.swimming import pool

ANYBODY, FAMILY = "anybody", "family"
# A helper, and one who helps the summer's own family now.
HELPERS = HELPER, HELPING = "helper", "helping"


@dataclass(frozen=True)
class Look:
    """`who`: ANYBODY, FAMILY (the summer's own), HELPERS or roles, "desk,auditor". `says`: in Dutch, on the page."""

    who: str
    path: str
    says: str

    def __str__(self) -> str:
        return f"{self.who} {self.path}"


EVERY_ROLE = ",".join(Role)

LOOKS = (
    Look(ANYBODY, "/programme", "Programma"),
    Look(ANYBODY, "/programme?age=18", "Niets past bij deze keuze."),
    Look(FAMILY, "/programme?mine=yes", "Alleen wat bij een van mijn kinderen past"),
    Look(ANYBODY, "/enter?token=forged", "Je link aanvragen"),
    Look(FAMILY, "/leave", "Afmelden op dit toestel"),
    # Preparing, and the opening
    Look(ANYBODY, "/prepare", "Stuur me de link"),
    Look(FAMILY, "/prepare", "Een kind toevoegen"),
    Look(ANYBODY, "/prepare/sent", "Kijk in je mailbox"),
    Look(ANYBODY, "/family", "Je link aanvragen"),
    Look(FAMILY, "/family", "Mijn inschrijvingen"),
    Look(FAMILY, "/family/corrections", "Onze gegevens verbeteren"),
    Look(FAMILY, "/family/data", "bewaren"),
    Look(FAMILY, "/family/erase", "wissen"),
    Look(FAMILY, f"/wishes/{summers.LATER}", "Je hebt nog geen wensen."),
    Look(FAMILY, f"/wishes/{summers.PAUSED}", "Wat ik wil, het liefste eerst"),
    Look(FAMILY, f"/wishes/{summers.HELD}", "Probleem"),
    Look(FAMILY, f"/wishes/{summers.ELSEWHERE}", "De jouwe is 9970"),
    Look(FAMILY, f"/wishes/{summers.WISHED}", "De plaatsen worden verloot"),
    Look(FAMILY, f"/opening/{summers.LATER}", "Je hebt nog geen wensen."),
    Look(FAMILY, f"/opening/{summers.HELD}", "Mijn wensen inschrijven"),
    Look(FAMILY, f"/opening/{summers.PAUSED}", "De inschrijving is even onderbroken"),
    Look(FAMILY, f"/opening/{summers.DRAWN}", "De uitslag van de loting"),
    # A session, a registration, an offer
    Look(ANYBODY, f"/sessions/{summers.OPEN}", "Je link aanvragen"),
    Look(FAMILY, f"/sessions/{summers.OPEN}", "Wie gaat mee?"),
    Look(FAMILY, f"/sessions/{summers.FULL}", "Alle plaatsen zijn bezet."),
    Look(ANYBODY, f"/sessions/{summers.ANNOUNCED}", "nog niet bekend"),
    Look(ANYBODY, f"/sessions/{summers.CLOSED}", "kan je niet meer inschrijven"),
    Look(FAMILY, f"/registrations/{summers.CONFIRMED_ID}", "De inschrijving is bevestigd"),
    Look(FAMILY, f"/registrations/{summers.HELD_ID}", "Er wordt een plaats voor je vrijgehouden"),
    Look(FAMILY, f"/registrations/{summers.HELD_ID}", "Mogen we foto's maken?"),
    Look(FAMILY, f"/registrations/{summers.CONFIRMED_ID}/answers", "Hoe kende je ons?"),
    Look(ANYBODY, f"/registrations/{summers.CONFIRMED_ID}/answers", "Je link aanvragen"),
    Look(FAMILY, f"/registrations/{summers.OFFERED_ID}", "Ik heb tijd nodig tot"),
    Look(FAMILY, f"/registrations/{summers.WAITING_ID}", "Je staat op de wachtlijst"),
    Look(FAMILY, f"/registrations/{summers.CANCELLED_ID}", "geannuleerd"),
    Look(FAMILY, f"/registrations/{summers.CONFIRMED_ID}/cancel", "Nu annuleren kost"),
    Look(FAMILY, f"/registrations/{summers.WAITING_ID}/cancel", "Dit kost niets."),
    Look(FAMILY, f"/registrations/{summers.CONFIRMED_ID}/children/{LOU.child_id}/cancel", "Nu annuleren kost"),
    Look(FAMILY, f"/registrations/{summers.CONFIRMED_ID}/move", "Naar welk kamp?"),
    Look(FAMILY, f"/registrations/{summers.WAITING_ID}/move", "Alleen wie een bevestigde plaats heeft"),
    Look(ANYBODY, f"/registrations/{summers.CONFIRMED_ID}", "Je link aanvragen"),
    Look(FAMILY, "/registrations/none", "Niet gevonden"),
    Look(ANYBODY, f"/registrations/{summers.CONFIRMED_ID}/children/{LOU.child_id}", "Je link aanvragen"),
    Look(ANYBODY, f"/offer?token={summers.OFFER_TOKEN}", "Ik heb tijd nodig tot"),
    Look(FAMILY, f"/children/{LOU.child_id}?saved=yes", "Wie dit ziet, en hoelang"),
    Look(ANYBODY, f"/children/{LOU.child_id}", "Je link aanvragen"),
    Look(FAMILY, f"/children/{LOU.child_id}/sharing", "De andere ouder uitnodigen"),
    # The front door
    Look(ANYBODY, "/forms", "Vragen, melden, klagen"),
    Look(ANYBODY, "/forms/street", "Hoe antwoorden we je?"),
    Look(ANYBODY, "/forms/market", "Dit formulier neemt nu niets aan"),
    Look(ANYBODY, "/cases", "Hoe staat het ermee?"),
    Look(ANYBODY, f"/cases/{city.NEW}?secret={city.SECRET}&sent=yes", "Bewaar het nummer en de code"),
    Look(ANYBODY, f"/cases/{city.ASKED}?secret={city.SECRET}", "We wachten op je antwoord."),
    Look(ANYBODY, f"/cases/{city.SAID}?secret={city.SECRET}", "Heeft dit geholpen?"),
    Look(ANYBODY, "/receipts", "Alles wat ontvangen is"),
    Look(ANYBODY, "/receipts/2027-03-04", "Ontvangen op donderdag 4 maart 2027"),
    # Openings, status, ledger, figures
    Look(ANYBODY, "/openings", "Op komst of bezig"),
    Look(ANYBODY, f"/openings/{summers.LATER}", "geheim zolang iemand er iets aan zou hebben"),
    Look(ANYBODY, f"/openings/{summers.PAUSED}", "De inschrijving is even onderbroken"),
    Look(ANYBODY, f"/openings/{summers.WISHED}", "Laatste moment voor wensen"),
    Look(ANYBODY, f"/openings/{summers.DRAWN}", "De lijst controleren"),
    Look(FAMILY, f"/openings/{summers.HELD}", "Mijn plaats controleren"),
    Look(ANYBODY, "/openings/2027-nobody", "Niet gevonden"),
    Look(ANYBODY, "/status", "Er werkt iets niet zoals het hoort."),
    Look(ANYBODY, "/ledger", "Register van uitzonderingen"),
    Look(ANYBODY, "/ledger?opening=2027-nobody", "0 regels"),
    # Photos, and reports that anybody may see
    Look(ANYBODY, "/photos/new?form=street", "De foto sturen"),
    Look(ANYBODY, "/photos/k7mq2x9cvb4t8hzn3wpdr5gy?form=street", "Verder met het formulier"),
    Look(ANYBODY, "/reports", "Meldingen in de stad"),
    Look(EVERY_ROLE, f"/office/cases/{city.NEW.replace('-', '')}/public", "Aan iedereen tonen"),
    Look(ANYBODY, "/figures/cases", "minder dan 5"),
    # Help and legal texts
    Look(ANYBODY, "/help", "Een gezin loot één keer."),
    Look(ANYBODY, "/accessibility", "EN 301 549"),
    Look(ANYBODY, "/privacy", "Wat we bewaren, waarom en hoelang"),
    # Swimming
    Look(ANYBODY, "/swimming?week=2027-03-10", "Onderhoud van de pompen."),
    Look(ANYBODY, f"/swimming/{pool.FREE}", "Om te reserveren heb je een link nodig."),
    Look(ANYBODY, f"/swimming/{pool.FULL}", "Volzet"),
    Look(ANYBODY, f"/swimming/{pool.OWN_CLOSED}", "Onderhoud van de pompen."),
    Look(ANYBODY, "/swimming?week=2028-01-01", "Er zijn geen zwemuren in deze week."),
    Look(ANYBODY, "/swimming/pass", "Eén mailadres is één gezin."),
    Look(ANYBODY, "/swimming/pass?asked=yes", "Kijk in je mailbox"),
    Look(FAMILY, "/swimming", "Gereserveerd: 3 personen"),
    Look(FAMILY, f"/swimming?instead={pool.OWN}", "Houden wat ik heb"),
    Look(FAMILY, f"/swimming/{pool.FREE}", "Aantal personen"),
    Look(FAMILY, f"/swimming/{pool.FREE}?instead={pool.OWN}", "In plaats van"),
    Look(FAMILY, f"/swimming/bookings?done={pool.OWN}", "Dit is je bevestiging"),
    Look(FAMILY, f"/swimming/bookings/{pool.OWN}", "Deze reservatie annuleren"),
    Look(FAMILY, f"/swimming/bookings/{pool.OWN_CLOSED}", "Gaat niet door"),
    Look(EVERY_ROLE, "/office", "Dag, Wim Willems"),
    # The office: programme and openings
    Look(EVERY_ROLE, "/office/cancellation", "De regel wijzigen"),
    Look(EVERY_ROLE, "/office/parents", "Alleen de ouder die het kind inschreef"),
    Look(EVERY_ROLE, "/office/webhooks", "Een webhook aanvragen"),
    Look(EVERY_ROLE, "/office/by-itself", "Handen per stuk"),
    Look(EVERY_ROLE, "/office/by-itself/rules?days=14", "Een regel uitproberen"),
    Look(EVERY_ROLE, "/office/by-itself/before", "Hoe het geteld is"),
    Look(EVERY_ROLE, "/office/programme", "Bouwkamp (Lembeke)"),
    Look(EVERY_ROLE, "/office/programme?show=drafts", "Er zijn geen ontwerpen"),
    Look(EVERY_ROLE, "/office/programme?imported=2&unchanged=1", "Geïmporteerd: 2. Ongewijzigd: 1."),
    Look(EVERY_ROLE, "/office/programme/import", "Een bestand importeren"),
    Look(EVERY_ROLE, "/office/sessions/new", "Nieuw kamp"),
    Look(EVERY_ROLE, f"/office/sessions/{summers.OPEN}", "Contact voor gezinnen"),
    Look("programme-manager", f"/office/sessions/{summers.OPEN}/cancellation", "Wat gezinnen lezen"),
    Look("programme-manager", f"/office/sessions/{summers.ANNOUNCED}/cancellation", "Het kamp intrekken"),
    Look(EVERY_ROLE, f"/office/sessions/{summers.ANNOUNCED}?done=changed", "De wijziging is bewaard."),
    Look("programme-manager", f"/office/sessions/{summers.OPEN}/questions", "Zoals gezinnen het zien"),
    Look(
        "programme-manager", f"/office/sessions/{summers.OPEN}/questions?example=lunch", "Antwoorden om uit te kiezen"
    ),
    Look("programme-manager", f"/office/openings/{summers.DRAFT}/questions?kind=number", "Laagste getal"),
    Look(EVERY_ROLE, "/office/openings", "Openingen, de nieuwste eerst"),
    Look(EVERY_ROLE, "/office/openings/new", "Nieuwe opening"),
    Look(EVERY_ROLE, f"/office/openings/{summers.DRAFT}", "Zolang er iets niet klopt"),
    Look(EVERY_ROLE, f"/office/openings/{summers.APPROVED}", "Versie 1 publiceren"),
    Look("approver", f"/office/openings/{summers.APPROVED}", "Versie 1 goedkeuren"),
    Look(EVERY_ROLE, f"/office/openings/{summers.HELD}", "Wat iedereen ziet"),
    Look(EVERY_ROLE, f"/office/openings/{summers.CLOSING}", "Verdergaan met de loting"),
    Look(EVERY_ROLE, f"/office/openings/{summers.DRAWN}", "De loting is voorbij"),
    Look(EVERY_ROLE, f"/office/openings/{summers.HELD}/live", "Plaatsen gegeven sinds het begin"),
    Look(EVERY_ROLE, f"/office/openings/{summers.HELD}/incidents", "Nog niets."),
    Look(EVERY_ROLE, f"/office/openings/{summers.PAUSED}/incidents?action=resume", "Hervatten"),
    Look(EVERY_ROLE, f"/office/openings/{summers.LATER}/incidents?action=turn-into-draw", "Er een loting van maken"),
    Look("desk", f"/office/openings/{summers.DRAFT}/live", "Dit kan nu niet"),
    Look("desk", "/office/programme", "een van deze rollen: programmabeheerder."),
    # The office: desk and attendance
    Look(EVERY_ROLE, "/office/intake", "Wat zegt de persoon?"),
    Look(EVERY_ROLE, "/office/intake/mails", "Elke mail van een mens werd een dossier"),
    Look(EVERY_ROLE, "/office/intake/known", "Vragen die we meteen kunnen beantwoorden"),
    Look(EVERY_ROLE, "/office/intake/known/new", "Andere woorden ervoor"),
    Look(EVERY_ROLE, "/office/desk/mails", "is elke mail over een inschrijving aangekomen"),
    Look(EVERY_ROLE, "/office/desk/namings", "Mila Peeters"),
    Look("desk", "/office/desk", "Een gezin zoeken"),
    Look("desk", "/office/desk?kind=twice-named", "Mila Peeters"),
    Look("desk", f"/office/desk/families/{summers.OFFERED_ID[:11]}", "Wat er gezegd is"),
    Look("desk", f"/office/sessions/{summers.FULL}/waiting-list", "Wie wacht, in volgorde"),
    Look("desk", "/office/desk/register", "Een gezin inschrijven"),
    Look("desk", f"/office/desk/families/{summers.CLAEYS.family_id}/corrections", "Een gezin verbeteren"),
    Look("desk", f"/office/desk/register?like={summers.CONFIRMED_ID}", "Voornaam kind 2"),
    Look("desk", f"/office/desk/registrations/{summers.OFFERED_ID}", "Het aanbod aanvaarden"),
    Look("desk", f"/office/desk/registrations/{summers.CANCELLED_ID}?done=cancel", "Het is geannuleerd."),
    Look("desk", f"/office/desk/registrations/{summers.HELD_ID}", "zijn nog niet beantwoord over: Lou."),
    Look("desk", f"/office/desk/registrations/{summers.HELD_ID}/answers", "Vraag het aan het gezin"),
    Look("desk", f"/office/desk/registrations/{summers.CONFIRMED_ID}/answers", "staan hier niet meer"),
    Look("desk", f"/office/desk/registrations/{summers.CONFIRMED_ID}/move", "Naar welk kamp?"),
    Look("desk", f"/office/desk/registrations/{summers.CONFIRMED_ID}/children/{LOU.child_id}/parents", "Gedeeld"),
    Look("desk", f"/office/desk/registrations/{summers.CONFIRMED_ID}/children/{LOU.child_id}", "Medische info"),
    Look("programme-manager", f"/office/sessions/{summers.OPEN}/seats?done=capacity", "staat in het register"),
    Look("programme-manager", f"/office/sessions/{summers.OPEN}/seats?do=grant", "Welke plaatsen"),
    Look("programme-manager", f"/office/sessions/{summers.OPEN}/seats?do=closing", "Volgens de klok in Brussel."),
    Look("programme-manager", f"/office/sessions/{summers.OPEN}/leaders", "Mailadressen van de begeleiders"),
    Look("desk", "/office/attendance?day=2027-08-16", "Bouwkamp (Lembeke)"),
    Look("camp-leader", "/office/attendance?day=2027-08-16", "Als begeleider lees je"),
    Look("desk", f"/office/attendance/{summers.OPEN}?day=2027-08-16", "Medische info"),
    Look("desk", f"/office/attendance/{summers.ANNOUNCED}?day=2027-08-16", "Niemand is ingeschreven."),
    Look("desk", f"/office/attendance/{summers.OPEN}/gate?day=2027-08-16", "Die dag moet nog komen"),
    Look("desk", f"/office/attendance/{summers.OPEN}/groups?day=2027-08-16", "Namen van de groepen"),
    # The office: council, auditor, finance
    Look("auditor", "/office/ledger", "Register van uitzonderingen"),
    Look("desk", "/office/ledger", "auditor"),
    Look("auditor", "/office/accesses", "Wie zag wat"),
    Look("programme-manager", "/office/watch", "Ik heb gekeken"),
    Look("case-handler", "/office/watch/late", "Er wacht niets te lang."),
    Look("programme-manager", "/office/watch/links", "Een adres toevoegen"),
    Look("finance", "/office/statistics", "Plaatsen per kanaal"),
    Look("finance", "/office/cost?month=2027-03", "Wie wat betaalt"),
    Look("finance", "/office/cost?month=2026-05", "Er is geen cijfer"),
    Look("finance", f"/office/cost?opening={summers.HELD}", "Per inschrijving, aan lijstprijs"),
    Look("finance", "/office/cost/estimate", "Wat elke stap kost"),
    Look("finance", "/office/cost/estimate?families=x", "Schrijf een getal"),
    Look("finance", "/office/cost/alternatives", "Vergeleken met de onze"),
    Look("finance", "/office/cost/alternatives?price-ec2-t4g-micro=x", "Schrijf een getal"),
    Look("finance", "/office/cost/prices", "Prijslijst"),
    Look("finance", "/office/money", "Geld"),
    Look("finance", "/office/refunds", "Wacht op vrijgave"),
    Look("finance", f"/office/refunds/{summers.CONFIRMED_ID}", "Terugbetalingen"),
    Look("finance", "/office/books", "Wat er op elke rekening staat"),
    Look("finance", "/office/books/numbers", "Rekeningnummers"),
    Look("finance", "/office/books/2027-03-06", "Boeken van"),
    Look("auditor", f"/office/statistics?opening={summers.HELD}", "Weigeringen per reden"),
    Look("programme-manager", "/office/programme/registration", "Vanaf wanneer?"),
    Look("finance", "/office/tariffs", "Een nieuwe versie"),
    # The office: cases
    Look("case-handler", "/office/cases", "het dringendste vooraan"),
    Look("case-handler", f"/office/cases/{case_id_of(city.NEW)}", "Ik neem het op"),
    Look("case-handler", f"/office/cases/{case_id_of(city.ABOUT)}", "De inschrijving waarover het gaat"),
    Look("case-handler", "/office/case-templates", "Klare antwoorden"),
    # The home counter
    Look(ANYBODY, "/certificates/verify", "Een attest controleren"),
    Look(ANYBODY, "/certificates/verify/4W3KPA9RTXACE", "Er is geen attest met dit nummer"),
    Look(ANYBODY, f"/certificates/verify/{counter.ISSUED}", "Dit nummer is geldig"),
    Look(ANYBODY, f"/certificates/verify/{counter.OVER}", "Dit attest is niet meer geldig"),
    Look(ANYBODY, f"/certificates/verify/{counter.WITHDRAWN}", "Dit attest is ingetrokken"),
    Look(ANYBODY, "/figures/certificates", "Geteld, niet geschat"),
    Look(ANYBODY, f"/cases/{receipt_of(counter.NEW)}/certificate?secret={city.SECRET}", "Toon wie je bent"),
    Look(ANYBODY, f"/cases/{receipt_of(counter.DONE)}/certificate?secret={city.SECRET}", "Ophalen (pdf)"),
    Look("programme-manager", "/office/certificate-rules", "Wacht op een tweede persoon"),
    Look("case-handler", "/office/counter", "Aanvragen in behandeling"),
    Look("case-handler", f"/office/counter?number={counter.ISSUED}", "Waarom het niet meer geldt"),
    Look("case-handler", f"/office/counter/{counter.NEW}", "Niemand heeft al gezien wie dit is."),
    Look("case-handler", f"/office/counter/{counter.SEEN}", "Wat het register zegt"),
    Look("case-handler", f"/office/counter/{counter.DONE}", "Afdrukken (pdf)"),
    # The office: the front door
    Look("programme-manager", "/office/units", "Formulieren die hier uitkomen"),
    Look("programme-manager", "/office/units/streets", "Mailadressen van de mensen"),
    Look("programme-manager", "/office/areas", "Een bestand inlezen"),
    Look("programme-manager", "/office/forms", "Iets op straat"),
    Look("programme-manager", "/office/forms/street?done=published", "Een proefmelding ging langs elke weg"),
    Look("programme-manager", "/office/forms/market", "Uit sinds"),
    Look("programme-manager", "/office/forms/playground", "Vergelijken en publiceren"),
    Look("programme-manager", "/office/forms/playground/parts/texts", "Inleiding"),
    Look("programme-manager", "/office/forms/playground/parts/answering", "Welke dagen tellen?"),
    Look("programme-manager", "/office/forms/playground/parts/sender", "Vertrouwelijk"),
    Look("programme-manager", "/office/forms/playground/parts/dates", "Elders meteen te krijgen"),
    Look("programme-manager", "/office/forms/playground/questions", "Zoals burgers het zien"),
    Look("programme-manager", "/office/forms/playground/questions?kind=choice", "Antwoorden om uit te kiezen"),
    Look("programme-manager", "/office/forms/playground/routing", "Een regel toevoegen"),
    Look("programme-manager", "/office/forms/street/preview?in=fr", "De quoi s’agit-il"),
    Look("programme-manager", "/office/forms/playground/publication", "Proberen en versie 1 publiceren"),
    # The office: texts, and how a municipality looks
    Look("programme-manager", "/office/faces", "Wat gezinnen zien op pagina’s"),
    Look("programme-manager", "/office/faces/all-municipalities", "Kleur van de balk bovenaan"),
    Look("programme-manager", "/office/texts", "Teksten voor gezinnen, in jullie woorden."),
    Look("programme-manager", "/office/texts/bring", "Standaardtekst"),
    Look("programme-manager", "/office/texts/city_phone?saved=yes", "Bewaard"),
    Look("auditor", "/office/texts/faq", "Versies"),
    # Helpers, and public computers
    Look(ANYBODY, "/helping", "Stuur mij een link"),
    Look(ANYBODY, "/helping/enter?token=x", "Aanmelden als helper"),
    Look(HELPER, "/helping", "Zonder code: wat het gezin zei"),
    Look(HELPING, "/family", "Je helpt een gezin"),
    Look(HELPING, f"/registrations/{summers.CONFIRMED_ID}", "De inschrijving is bevestigd"),
    Look(HELPING, "/account", "Dit hoort niet bij de hulp"),
    Look(FAMILY, "/assistance", "Een helper binnenlaten"),
    Look(ANYBODY, "/public-computer", "Ja, dit is een openbare computer"),
    Look(ANYBODY, "/idle", "Je bent afgemeld"),
    Look("programme-manager", "/office/assistance", "Helpers aanduiden"),
    Look("auditor", "/office/assistance/looks?day=2027-03-05", "Hulpbeurten die die dag begonnen"),
    Look("desk", f"/office/desk/families/{summers.CLAEYS.family_id}/assistance", "Brief met een code afdrukken"),
    # The office: swimming
    Look(EVERY_ROLE, "/office/swimming?week=2027-03-10", "In te lichten: 1 gezin, 3 personen"),
    Look(EVERY_ROLE, "/office/swimming/patterns", "Een nieuw vast uur"),
    Look(EVERY_ROLE, f"/office/swimming/patterns/{pool.EARLY[0].pattern_id}", "Laatste dag"),
    Look(EVERY_ROLE, f"/office/swimming/closed?closed={pool.CLOSED}", "In te lichten: 1 gezin, 3 personen"),
    Look(EVERY_ROLE, "/office/swimming/terms", "Bezoeken van een gezin per week"),
)
OF_ANYBODY = [look for look in LOOKS if look.who == ANYBODY]
OF_FAMILIES = [look for look in LOOKS if look.who in (FAMILY, *HELPERS)]
OF_DESK_AND_OFFICE = [look for look in LOOKS if look.who in (Role.DESK, EVERY_ROLE)]
OF_OTHER_ROLES = [look for look in LOOKS if look not in (*OF_ANYBODY, *OF_FAMILIES, *OF_DESK_AND_OFFICE)]
ENTER = f"/enter?token={summers.OWN.token}"
