"""Every voucher that was issued, and the rule that gave it: for finance and the auditor."""

from chalicelib.core.http.answering import Answer
from chalicelib.money.citypass import providers, versions, voucher_table
from chalicelib.money.citypass.applications import plain, spoken
from chalicelib.money.citypass.rules import RuleVersion
from chalicelib.pages.frame.city_pass_words import label_of
from chalicelib.pages.frame.forms import Form
from chalicelib.pages.frame.pages import page
from chalicelib.pages.frame.visit import Visit
from chalicelib.pages.staff.city_pass_payouts import month_of
from chalicelib.people import access
from chalicelib.people.staff.rules import Staff


def show(visit: Visit, by: Staff) -> Answer:
    """`?code=` of one, or those of `?month=`, counted by budget and version."""
    code, month = plain(visit.query.get("code", "")), month_of(visit)
    found = voucher_table.get(code) if code else None
    if found and found.family_id:
        access.about(found.family_id)
    version = versions.get(found.rule) if found else None
    who = providers.get(found.redemption.provider_id) if found and found.redemption else None
    return page(
        visit,
        "pages/staff/city_pass_vouchers.html",
        form=Form({"code": visit.query.get("code", ""), "month": month}),
        is_unknown=bool(code) and found is None,
        found=found,
        name=label_of(found, visit.language) if found else "",
        spoken=spoken(found.code) if found else "",
        version=version,
        provider=who,
        month=month,
        rows=_rows(month, visit.language),
    )


def _rows(month: str, language: str) -> list[tuple[str, int, str, str, int, int]]:
    """Budget, version, its article, whether on paper, how many, cents."""
    known: dict[int, RuleVersion | None] = {}
    sums: dict[tuple[str, int, bool], tuple[int, int]] = {}
    for one in voucher_table.issued_in(month):
        key = (one.budget, one.rule, bool(one.batch))
        number, cents = sums.get(key, (0, 0))
        sums[key] = number + 1, cents + one.cents
        if one.rule not in known:
            known[one.rule] = versions.get(one.rule)
    rows = []
    for (budget, rule, is_paper), (number, cents) in sorted(sums.items()):
        version = known[rule]
        its = version.rule.budget(budget) if version else None
        label = getattr(its.label, language) if its else budget
        rows.append((label, rule, version.rule.article if version else "", "paper" if is_paper else "", number, cents))
    return rows
