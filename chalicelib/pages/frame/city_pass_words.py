"""Why a city pass is for somebody or not, and what a voucher is for: sentences that families and staff read alike."""

from chalicelib.core.languages import in_words, translate
from chalicelib.money.citypass import versions
from chalicelib.money.citypass.rules import WHY, BudgetUnit, Judgement, PassRule
from chalicelib.money.citypass.vouchers import Voucher


def why(found: Judgement, rule: PassRule, language: str) -> str:
    """The sentence behind an answer."""
    return translate(
        WHY[found.why],
        language,
        limit=in_words.money(found.limit_cents, language),
        postcodes=", ".join(rule.postcodes),
        benefits=in_words.names([getattr(one.label, language) for one in found.benefits], language),
    )


def label_of(voucher: Voucher, language: str) -> str:
    """The purpose of the voucher and its amount, by the rule under which it was issued."""
    version = versions.get(voucher.rule)
    budget = version.rule.budget(voucher.budget) if version else None
    if budget is None:
        return voucher.budget
    label = getattr(budget.label, language)
    if budget.unit is BudgetUnit.CENTS:
        return f"{label}, {in_words.money(voucher.cents, language)}"
    return f"{label}, {voucher.amount} ×"
