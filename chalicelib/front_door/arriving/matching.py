"""What fits what somebody says: by the words that they share. Plain rules.

No more than that is needed for a call: whoever listens sees the three best and chooses. A word counts more the fewer
texts have it, and two words are the same if they begin alike: `lamp` and `lampen`, `straat` and `straten`.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

LEAST_LETTERS, MOST_WORDS, BEGINS = 3, 200, 4
# Words that say nothing of what it is about.
_EMPTY = (
    "aan als bij dan dat deze die dit door een het heeft hier hij ik ook maar met mijn naar niet nog ons over uit van "
    "voor waar was wat wel wie wij zijn zij hoe kan kun kunt laat mag moet wanneer waarom "
    "aux avec ces dans des elle est les mais moi mon nos notre nous par pour que qui sur une vos votre vous "
    "combien comment peut peux pourquoi quand "
    "and are but for from has have her his our that the their there this was what with you your can how when where why"
)
EMPTY = frozenset(_EMPTY.split())


def words_of(text: str) -> set[str]:
    """The beginnings of its words, without accents, in small letters; of a long text, of the first words."""
    plain = "".join(each for each in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(each))
    found = re.findall(r"[a-z0-9]+", plain)[:MOST_WORDS]
    return {one[:BEGINS] for one in found if len(one) >= LEAST_LETTERS and one not in EMPTY}


def ranked(texts: Mapping[str, str], said: str) -> list[str]:
    """The ids of those that share a word with what was said, the best first; equals as they stand. `texts`: by id."""
    has = {key: words_of(text) for key, text in texts.items()}
    count = Counter(word for words in has.values() for word in words)
    spoken = words_of(said)
    score = {key: sum(math.log(1 + len(texts) / count[word]) for word in words & spoken) for key, words in has.items()}
    return sorted((key for key in texts if score[key]), key=lambda key: -score[key])
