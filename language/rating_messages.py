"""What is said of ratings: models, rules, causes, and refusals of an override."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

RATING_MESSAGES: Mapping[str, str] = {
    "rating.unrated": N_("This customer has no grade that could be overridden."),
    "rating.grade": N_("Please choose one of the bank's grades."),
    "rating.same": N_("That is the grade the method gave."),
    "rating.notches": N_("A grade can be lifted by %(max)s step at most."),
    "rating.moved_on": N_("The customer has been rated anew meanwhile. Please look again."),
}
RATING_FLASHES: Mapping[str, str] = {
    "rating_asked": N_("The rating is on its way."),
}
RATING_WORDS: Mapping[str, Mapping[str, str]] = {
    "work_cause": {
        "asked": N_("asked for"),
        "statements": N_("new statements"),
        "facts": N_("changed facts"),
        "event": N_("an event"),
        "verification": N_("a verification"),
        "expiry": N_("validity ended"),
        "override": N_("an override"),
        "review": N_("a periodic review"),
        "opened": N_("dossier opened"),
        "demo": N_("demonstration book"),
    },
    "ratio": {
        "net_profit_to_assets": N_("Net profit / total assets"),
        "ebit_to_assets": N_("EBIT / total assets"),
        "ebit_to_liabilities": N_("EBIT / total liabilities"),
        "ebitda_to_liabilities": N_("EBITDA / total liabilities"),
        "gross_profit_to_assets": N_("Gross profit / total assets"),
        "gross_margin": N_("Gross profit / revenue"),
        "net_margin": N_("Net profit / revenue"),
        "retained_earnings_to_assets": N_("Retained earnings / total assets"),
        "liabilities_to_assets": N_("Total liabilities / total assets"),
        "equity_to_liabilities": N_("Equity / total liabilities"),
        "long_term_debt_to_assets": N_("Long-term debt / total assets"),
        "current_assets_to_assets": N_("Current assets / total assets"),
        "quick_assets_to_assets": N_("Current assets less inventory / total assets"),
        "inventory_to_assets": N_("Inventory / total assets"),
        "receivables_to_assets": N_("Receivables / total assets"),
        "depreciation_to_assets": N_("Depreciation / total assets"),
        "inventory_to_current_liabilities": N_("Inventory / current liabilities"),
        "working_capital_to_assets": N_("Working capital / total assets"),
        "current_ratio": N_("Current assets / current liabilities"),
        "quick_ratio": N_("Quick assets / current liabilities"),
        "revenue_to_assets": N_("Revenue / total assets"),
        "revenue_to_current_liabilities": N_("Revenue / current liabilities"),
        "interest_cover": N_("EBIT / interest"),
        "cash_flow_to_liabilities": N_("Operating cash flow / total liabilities"),
        "total_assets": N_("Total assets"),
        "year": N_("Year"),
    },
    "rating_gap": {
        "not_stated": N_("not stated"),
        "zero_divisor": N_("divided by zero"),
        "negative_divisor": N_("divided by a negative figure"),
    },
    "rating_model": {
        "altman_z_double_prime": N_("Altman Z'' (1995)"),
        "altman_z_prime": N_("Altman Z' (1983)"),
        "altman_z": N_("Altman Z (1968)"),
        "zmijewski": N_("Zmijewski (1984)"),
        "ohlson": N_("Ohlson (1980)"),
    },
    "rating_verdict": {
        "safe": N_("safe"),
        "grey": N_("grey zone"),
        "distress": N_("distress"),
        "unknown": N_("cannot say: figures are missing"),
    },
    "rating_cap": {
        "insolvent": N_("Insolvent"),
        "stopped": N_("Stopped working for six months or more"),
        "evades_debts": N_("Evades its debts"),
        "negative_net_worth": N_("Negative net worth"),
        "years_of_losses": N_("Losses year after year"),
        "best_needs_leverage": N_("The best grade asks for low leverage"),
        "best_needs_interest_cover": N_("The best grade asks for interest well covered"),
        "best_needs_liquidity": N_("The best grade asks for liquidity"),
        "best_needs_cash_flow": N_("The best grade asks for a stated and solid cash flow"),
        "published_models": N_("Two published models speak of distress"),
    },
}
