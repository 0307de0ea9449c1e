"""What a reader is told of measures that cannot be worked out and rows that cannot be scored."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

SCORING_MESSAGES: Mapping[str, str] = {
    "measures.one_class": N_("This needs firms that defaulted and firms that did not."),
    "measures.length": N_("There are not as many outcomes as scores, or none at all."),
    "scorecard.malformed": N_("The scorecard's file cannot be read."),
    "rating_method.malformed": N_("The rating method's file cannot be read."),
    "scoring.no_statement": N_("There is no statement to score."),
    "scoring.no_row": N_("This row does not fit the columns or is no object."),
    "scoring.no_assets": N_("Total assets must be above zero."),
    "scoring.negative": N_("This figure must not be negative."),
    "scoring.part_exceeds_whole": N_("A part must not be larger than its total."),
    "scoring.unbalanced": N_("Total assets must equal total liabilities and equity."),
    "scoring.missing_year": N_("The financial statements of this year are missing."),
    "scoring.not_stated": N_("A figure this ratio needs is not stated."),
    "scoring.zero_divisor": N_("This ratio divides by a figure that is zero."),
    "scoring.negative_divisor": N_("This ratio divides by a figure that is negative."),
    "score.unreadable": N_(
        "The input is neither a CSV with a line of column names nor JSON rows, in UTF-8."
    ),
    "score.no_rows": N_("The input has no rows."),
    "score.columns": N_("The input has none of the columns that are scored."),
}
