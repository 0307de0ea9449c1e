"""Published models beside the bank's own: second opinions with their printed zones.

Sources: Altman (1968), Journal of Finance 23(4): Z; Altman (1983, 2000): Z' for private firms and
Z'' without sales; Zmijewski (1984), Journal of Accounting Research 22, probit with the sign of
the liquidity term as in most reprints (+0.004); Ohlson (1980), Journal of Accounting Research 18,
model 1. The zones 1.1 and 2.6 belong to Z'' without the constant of 3.25.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from math import exp, log
from statistics import NormalDist

from domain.scoring.results import SCORE_STEP, Inputs, known

_NORMAL = NormalDist()


class Zone(StrEnum):
    """What the model's author makes of the value."""

    SAFE = "safe"
    GREY = "grey"
    DISTRESS = "distress"


@dataclass(frozen=True, slots=True)
class Opinion:
    """A published model's value, rounded half-even to a millionth, its zone, and its own PD.

    With `missing` inputs there is no value and no zone. `pd` is None where the model has none.
    """

    model: str
    value: Decimal | None
    zone: Zone | None
    pd: Decimal | None
    missing: tuple[str, ...]


def z_1968(facts: Inputs) -> Opinion:
    """Z = 1.2 X1 + 1.4 X2 + 3.3 X3 + 0.6 MVE/TL + 0.999 X5; distress < 1.81, safe > 2.99."""
    weights = _weights("1.2", "1.4", "3.3", "0.6", "0.999")
    return _altman("altman_z", facts, "market_value", weights, ("1.81", "2.99"))


def z_prime(facts: Inputs) -> Opinion:
    """Z' = 0.717 X1 + 0.847 X2 + 3.107 X3 + 0.420 BE/TL + 0.998 X5; distress < 1.23, safe > 2.9."""
    weights = _weights("0.717", "0.847", "3.107", "0.420", "0.998")
    return _altman("altman_z_prime", facts, "equity", weights, ("1.23", "2.9"))


def z_double_prime(facts: Inputs) -> Opinion:
    """Z'' = 6.56 X1 + 3.26 X2 + 6.72 X3 + 1.05 BE/TL; distress < 1.1, safe > 2.6."""
    weights = _weights("6.56", "3.26", "6.72", "1.05", None)
    return _altman("altman_z_double_prime", facts, "equity", weights, ("1.1", "2.6"))


def zmijewski(facts: Inputs) -> Opinion:
    """X = -4.336 - 4.513 NI/TA + 5.679 TL/TA + 0.004 CA/CL; PD = Phi(X), distress above 0."""
    names = ("net_profit", "total_assets", "total_liabilities", "current_assets")
    of, missing = _inputs(
        facts, (*names, "current_liabilities"), {"total_assets", "current_liabilities"}
    )
    if missing:
        return _silent("zmijewski", missing)
    x = (
        Decimal("-4.336")
        - Decimal("4.513") * of["net_profit"] / of["total_assets"]
        + Decimal("5.679") * of["total_liabilities"] / of["total_assets"]
        + Decimal("0.004") * of["current_assets"] / of["current_liabilities"]
    )
    zone = Zone.DISTRESS if x > 0 else Zone.SAFE
    return Opinion("zmijewski", _step(x), zone, _fraction(_NORMAL.cdf(float(x))), ())


@dataclass(frozen=True, slots=True)
class Ohlson:
    """What Ohlson's model asks beside the balance sheet.

    `price_level` is the GNP price index on the base of 1968 = 100 in the unit of total assets in
    dollars; assets in another currency or unit have no meaning in this model.
    """

    price_level: Decimal
    funds_from_operations: Decimal
    net_profit_before: Decimal


def ohlson(facts: Inputs, more: Ohlson) -> Opinion:
    """O = -1.32 - 0.407 ln(TA/GNP) + 6.03 TL/TA - 1.43 WC/TA + 0.0757 CL/CA - 1.72 [TL > TA]
    - 2.37 NI/TA - 1.83 FFO/TL + 0.285 [two years of losses] - 0.521 change of NI / (sum of |NI|).

    PD = e^O / (1 + e^O) over two years, distress above 0.5.
    """
    divisors = {"total_assets", "total_liabilities", "current_assets"}
    names = ("net_profit", *sorted(divisors), "current_liabilities")
    of, missing = _inputs(facts, names, divisors)
    if missing or more.price_level <= 0:
        return _silent("ohlson", missing or ("price_level",))
    o = _ohlson_score(of, more)
    pd = 1 / (1 + exp(-o)) if o > -700 else 0.0
    zone = Zone.DISTRESS if pd > 0.5 else Zone.SAFE
    return Opinion("ohlson", _step(Decimal(repr(o))), zone, _fraction(pd), ())


def _ohlson_score(of: Mapping[str, Decimal], more: Ohlson) -> float:
    assets, owed = of["total_assets"], of["total_liabilities"]
    now, before = of["net_profit"], more.net_profit_before
    swing = (now - before) / (abs(now) + abs(before)) if now or before else Decimal(0)
    ratios = (
        Decimal("-1.32")
        + Decimal("6.03") * owed / assets
        - Decimal("1.43") * (of["current_assets"] - of["current_liabilities"]) / assets
        + Decimal("0.0757") * of["current_liabilities"] / of["current_assets"]
        - Decimal("1.72") * (owed > assets)
        - Decimal("2.37") * now / assets
        - Decimal("1.83") * more.funds_from_operations / owed
        + Decimal("0.285") * (now < 0 and before < 0)
        - Decimal("0.521") * swing
    )
    return float(ratios) - 0.407 * log(float(assets / more.price_level))


OPINIONS: Mapping[str, Callable[[Inputs], Opinion]] = {
    "altman_z_double_prime": z_double_prime,
    "altman_z_prime": z_prime,
    "altman_z": z_1968,
    "zmijewski": zmijewski,
}
"""The models that need one year's statements and nothing else."""

Weights = Mapping[str, Decimal]


def _weights(x1: str, x2: str, x3: str, x4: str, x5: str | None) -> Weights:
    weights = {"x1": Decimal(x1), "x2": Decimal(x2), "x3": Decimal(x3), "x4": Decimal(x4)}
    return weights if x5 is None else weights | {"x5": Decimal(x5)}


def _altman(
    model: str, facts: Inputs, worth: str, weights: Weights, zones: tuple[str, str]
) -> Opinion:
    needed = ("current_assets", "current_liabilities", "retained_earnings", "ebit", worth)
    sales = ("revenue",) if "x5" in weights else ()
    divisors = {"total_assets", "total_liabilities"}
    of, missing = _inputs(facts, (*sorted(divisors), *needed, *sales), divisors)
    if missing:
        return _silent(model, missing)
    assets = of["total_assets"]
    ratios = {
        "x1": (of["current_assets"] - of["current_liabilities"]) / assets,
        "x2": of["retained_earnings"] / assets,
        "x3": of["ebit"] / assets,
        "x4": of[worth] / of["total_liabilities"],
        "x5": of.get("revenue", Decimal(0)) / assets,
    }
    value = sum((weight * ratios[x] for x, weight in weights.items()), Decimal(0))
    return Opinion(model, _step(value), _zone(value, *map(Decimal, zones)), None, ())


def _zone(value: Decimal, distress_below: Decimal, safe_above: Decimal) -> Zone:
    if value < distress_below:
        return Zone.DISTRESS
    return Zone.SAFE if value > safe_above else Zone.GREY


def _inputs(
    facts: Inputs, names: tuple[str, ...], divisors: set[str]
) -> tuple[dict[str, Decimal], tuple[str, ...]]:
    """What is known, and the names of what is not, or of a divisor that is not above zero."""
    of = {name: value for name in names if (value := known(facts, name)) is not None}
    lacking = [n for n in names if n not in of or (n in divisors and of[n] <= 0)]
    return of, tuple(lacking)


def _silent(model: str, missing: tuple[str, ...]) -> Opinion:
    return Opinion(model, None, None, None, missing)


def _step(value: Decimal) -> Decimal:
    return value.quantize(SCORE_STEP, ROUND_HALF_EVEN)


def _fraction(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(SCORE_STEP, ROUND_HALF_EVEN)
