"""What somebody says in their own words, and the question of a form that takes it. Plain rules.

A call, a mail and another city's app have no fields: they have a text. Each form has one place for it.
"""

from chalicelib.front_door.forms.rules import Form
from chalicelib.programme.questions.rules import Question, QuestionKind

# A form may say which it is by this key.
DESCRIPTION = "description"


def main_question(form: Form) -> Question | None:
    """The question that takes the person's own words: the one called `description`, or the first that must be answered
    in words, or the first that may; None: the form has none."""
    in_words = [question for question in form.questions if question.kind is QuestionKind.TEXT]
    called = [question for question in in_words if question.key == DESCRIPTION]
    required = [question for question in in_words if question.required]
    return next(iter([*called, *required, *in_words]), None)


def takes_words_alone(form: Form) -> bool:
    """Whether a text is all that must be answered: what a mail can be."""
    main = main_question(form)
    return main is not None and all(question is main for question in form.questions if question.required)
