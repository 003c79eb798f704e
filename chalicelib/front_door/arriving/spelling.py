"""A receipt as it is read out on the phone, letter by letter, in the words that people of a language know. Plain rules.

Only what a receipt can have (core/ids.SPOKEN): no letter that looks or sounds like another.
"""

ALPHABETS = {
    "nl": "Anna Cornelis Eduard Ferdinand Gerard Hendrik Johan Karel Marie Nico Pieter Richard Theodoor Victor Willem "
    "Xantippe Yvonne",
    "fr": "Anatole Célestin Eugène François Gaston Henri Joseph Kléber Marcel Nicolas Pierre Raoul Thérèse Victor "
    "William Xavier Yvonne",
    "en": "Alfa Charlie Echo Foxtrot Golf Hotel Juliett Kilo Mike November Papa Romeo Tango Victor Whiskey X-ray "
    "Yankee",
}
_WORDS = {language: {word[0]: word for word in words.split()} for language, words in ALPHABETS.items()}


def spoken(receipt: str, language: str) -> list[list[str]]:
    """The words of each part between dashes; a digit is itself."""
    return [[_WORDS[language].get(each, each) for each in part] for part in receipt.split("-")]
