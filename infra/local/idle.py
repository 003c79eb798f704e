"""`python -m infra.local.idle`: walks the packaged template, and writes what it costs while nobody comes, where it is
read: chalicelib/insight/cost/idle.json and the table of docs/idle-cost.md. tests/infra/test_idle_cost.py says when
to."""

import re
import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import yaml

from chalicelib.insight.cost import idle
from chalicelib.insight.cost.figures import CostFigure, rounded, total
from chalicelib.insight.cost.prices import shipped
from infra.local.package import ROOT, PackagingFailed, package, short

PAGE = ROOT / "docs" / "idle-cost.md"
TABLE = re.compile(r"(?<=<!-- python -m infra.local.idle writes this -->\n).*?(?=<!-- until here -->)", re.DOTALL)


def table(walked: idle.Walk) -> str:
    """The bill of an idle month in Markdown, at the prices that are shipped."""
    full, free = (idle.figures(walked.billed, shipped(), free=free) for free in (False, True))
    lines = [
        f"**${rounded(total(full))} a month at full price; ${rounded(total(free))} within the always-free tier.**",
        "",
        "| what, by its name in the template | billed while idle | a month | price | full price | free tier |",
        "| --- | --- | --- | --- | --- | --- |",
        *(_row(one, *sums) for one, *sums in zip(walked.billed, full, free, strict=True)),
        f"| **sum** | | | | **${_thousandths(total(full))}** | **${_thousandths(total(free))}** |",
    ]
    return "\n".join(lines) + "\n"


def _row(one: idle.Idle, full: CostFigure, free: CostFigure) -> str:
    cells = (
        ", ".join(f"`{name}`" for name in one.names),
        one.what,
        f"{one.quantity.normalize():,f} {full.unit}: {one.query.said('en')}",
        f"{', '.join(one.meter)}, ${full.price.usd} for {full.price.unit}, {full.price.published}",
        f"${_thousandths(full.usd)}",
        f"${_thousandths(free.usd)}",
    )
    return f"| {' | '.join(cells)} |"


def _thousandths(usd: Decimal) -> Decimal:
    return usd.quantize(Decimal("0.001"), ROUND_HALF_UP)


def walked(template: Path) -> idle.Walk:
    return idle.walk(yaml.safe_load(template.read_text(encoding="utf-8")))


def main() -> int:
    try:
        found = walked(package().template)
    except PackagingFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    idle.FILE.write_text(idle.written(found), encoding="utf-8")
    PAGE.write_text(TABLE.sub(lambda _: table(found), PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(table(found))
    names = sum(len(one.names) for one in found.billed)
    print(f"{names} resources turn a meter, {len(found.free)} do not: {short(idle.FILE)} and {short(PAGE)} say so.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
