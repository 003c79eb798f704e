"""What fits what somebody says."""

from chalicelib.core.ids import SPOKEN
from chalicelib.front_door.arriving.known import KnownAnswer, fitting
from chalicelib.front_door.arriving.matching import ranked, words_of
from chalicelib.front_door.arriving.nearby import near
from chalicelib.front_door.arriving.spelling import ALPHABETS, spoken
from chalicelib.front_door.cases import sending
from chalicelib.front_door.cases.rules import Place
from tests.front_door import city
from tests.front_door.city import NOW, report, said

TEXTS = {
    "lamp": "Een lamp die niet brandt, un lampadaire éteint, a street light",
    "waste": "Afval naast de container, des déchets à côté du conteneur",
    "paving": "Een losse stoeptegel, un pavé, straat",
}
BAGS = KnownAnswer("bags", said("Waar koop ik vuilniszakken?"), said("In elke supermarkt."), "restafval zak")
OPEN = KnownAnswer("open", said("Wanneer is het loket open?"), said("Elke werkdag van 9 tot 12 uur."))


def test_the_best_stands_first_and_what_shares_no_word_is_left_out() -> None:
    assert ranked(TEXTS, "de lampen in de straat zijn uit") == ["lamp", "paving"]
    assert ranked(TEXTS, "Déchets partout !") == ["waste"]
    assert ranked(TEXTS, "") == ranked(TEXTS, "de het een") == []


def test_a_rare_word_says_more_than_one_that_all_have() -> None:
    assert ranked({"a": "vraag over afval", "b": "vraag over pas", "c": "vraag"}, "vraag: pas")[0] == "b"


def test_how_a_question_begins_says_nothing_of_what_it_is_about() -> None:
    forms = {"complaint": "Een klacht: wat ging er mis, wanneer en hoe?", "question": "Een vraag: openingsuren"}

    assert ranked(forms, "Wanneer is het containerpark open?") == ["question"]
    assert ranked(forms, "Hoe laat komt de bus?") == []


def test_a_long_text_is_looked_at_to_a_point() -> None:
    assert len(words_of(" ".join(f"woord{n}" for n in range(10_000)))) <= 200


def test_known_answers_are_found_by_other_words_too() -> None:
    known = {one.answer_id: one for one in (BAGS, OPEN)}

    assert fitting(known, "ik zoek zakken voor het restafval") == [BAGS]
    assert fitting(known, "is het loket nu open") == [OPEN]


def test_every_letter_of_a_receipt_has_a_word_in_each_language() -> None:
    for language in ALPHABETS:
        for letter in SPOKEN:
            (((word,),)) = spoken(letter, language)
            assert word[0] == letter
            assert letter.isdigit() == (word == letter)
    assert spoken("AC3E", "nl") == [["Anna", "Cornelis", "3", "Eduard"]]


def test_near_is_within_two_hundred_metres_or_at_the_same_address(table: None) -> None:
    city.a_city()
    case = sending.send(report(), NOW).case

    assert near(Place(51.2215, 3.6117), [case]) == [case]
    assert near(Place(51.2225, 3.6117), [case]) == []
    assert near(Place(None, None, "veld 1 kaprijke"), [case]) == [case]
    assert near(Place(None, None, "Voorstraat"), [case]) == near(Place(None, None, ""), [case]) == []
