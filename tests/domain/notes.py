"""Methods a note of plain monthly terms can have: nothing else needs to be agreed for them."""

from domain.schedules import RepaymentMethod

PLAIN_METHODS = (
    RepaymentMethod.EQUAL_INSTALMENT,
    RepaymentMethod.EQUAL_PRINCIPAL,
    RepaymentMethod.INTEREST_FIRST_BULLET,
)
