"""Some synthetic firms borrow: their loans are applied for, decided, paid and lived like all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.applications.fields import LINES_BY_NAME, statement_years
from domain.identifiers import RegistrationNumber
from domain.scoring import score
from domain.scoring.altman import MODEL
from runner.demo.firms import DemoCase
from runner.demo.synthetic.dice import Dice
from runner.demo.synthetic.firm import SyntheticFirm
from runner.demo.synthetic.making import SEED

BORROWERS = 24
REFUSES_EVERY = 6
"""Every sixth borrower's account refuses the direct debits: a book without arrears shows little."""
_LENT_TO = ("A", "AA", "AAA")  # what the engine approves by itself, the scarcer grades first
_OFFICERS = ("wanglei", "zhaomin")
_METHODS = ("equal_instalment", "interest_first_bullet")
_PURPOSES = ("采购原材料", "支付货款", "补充流动资金", "支付运输费用")
_STEP = 20_000


@dataclass(frozen=True, slots=True)
class Borrower:
    """A synthetic firm as an applicant."""

    firm: SyntheticFirm

    @property
    def number(self) -> RegistrationNumber:
        """Its registration number."""
        return self.firm.number

    @property
    def name(self) -> str:
        """Its name."""
        return self.firm.name

    @property
    def fields(self) -> Mapping[str, str]:
        """What its application says of itself."""
        firm = self.firm
        return {
            "established_on": firm.established_on.isoformat(),
            "industry": firm.industry,
            "employees": str(firm.employees),
            "legal_representative": firm.legal_representative,
            "handler_name": firm.controller,
            "handler_phone": f"1390013{firm.serial:04d}",
            "signatory_name": firm.legal_representative,
            "signatory_email": f"synthetic{firm.serial:04d}@example.com",
            "payee_name": firm.name,
            "payee_account": f"62220202003344{firm.serial:05d}",
            "payee_bank_code": "313651027012",
        }

    def statements(self, today: date) -> dict[str, dict[str, str]]:
        """The finished years a product asks for, in the lines of its form."""
        held = {one.year: one for one in self.firm.statements}
        years = statement_years(today, len(held), self.firm.established_on)
        return {
            str(year): {name: f"{held[year].lines[name]:.2f}" for name in LINES_BY_NAME}
            for year in years
            if year in held
        }


def borrowing_cases(firms: Sequence[SyntheticFirm]) -> tuple[DemoCase, ...]:
    """The loans of firms the engine lends to by itself: honest ones with a good grade."""
    honest = (firm for firm in firms if firm.fraud is None and firm.oddity is None)
    good = [(grade, firm) for firm in honest if (grade := _grade(firm)) in _LENT_TO]
    good.sort(key=lambda one: (_LENT_TO.index(one[0]), one[1].serial))
    return tuple(_case(index, firm) for index, (_, firm) in enumerate(good[:BORROWERS]))


def _grade(firm: SyntheticFirm) -> str:
    """The grade of the model the product rates with."""
    return score(MODEL, firm.statements[-1].lines).grade or ""


def _case(index: int, firm: SyntheticFirm) -> DemoCase:
    throws, borrower = Dice(SEED).of(f"loan of {firm.serial}"), Borrower(firm)
    fields = {
        **borrower.fields,
        "product_code": "TAX_MICRO",
        "currency": "CNY",
        "amount": f"{throws.between('amount', 6, 49) * _STEP}.00",
        "tenor_months": str(throws.pick("tenor", (3, 6, 12))),
        "repayment_method": throws.pick("method", _METHODS),
        "purpose": throws.pick("purpose", _PURPOSES),
        "repayment_source": "销售回款",
    }
    return DemoCase(
        name=f"synthetic {firm.serial}",
        when="past",
        road="repaying",
        firm=borrower,
        officer=_OFFICERS[index % len(_OFFICERS)],
        product="TAX_MICRO",
        fields=fields,
        gaps=frozenset(),
        account="refuses" if index % REFUSES_EVERY == REFUSES_EVERY - 1 else None,
    )
