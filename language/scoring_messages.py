"""What a reader is told of measures that cannot be worked out and rows that cannot be scored."""

from __future__ import annotations

from collections.abc import Mapping

from language.catalogue import N_

SCORING_MESSAGES: Mapping[str, str] = {
    "measures.one_class": N_("This needs firms that defaulted and firms that did not."),
    "measures.length": N_("There are not as many outcomes as scores, or none at all."),
    "scorecard.malformed": N_("The scorecard's file cannot be read."),
    "rating_method.malformed": N_("The rating method's file cannot be read."),
    "score.unreadable": N_(
        "The input is neither a CSV with a line of column names nor JSON rows, in UTF-8."
    ),
    "score.no_rows": N_("The input has no rows."),
    "score.columns": N_("The input has none of the columns that are scored."),
}
