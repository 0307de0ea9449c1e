"""Score each row on its own figures and answer a row for each, in the order they came.

A row stands for one firm and one year. Rows of other years of the same firm change nothing: the
card reads one year, so that a firm seen once is judged as one seen often.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal

from domain.scoring.columns import lines_of_row
from domain.scoring.scorecard import Part, Scorecard, ScorecardResult
from domain.violations import Finding
from language.catalogue import N_, Language, translator
from language.messages import message_for
from persistence.scorecards import Model, shipped_scorecard
from runner.scoring.choices import ScoreForm, ScoringModel
from runner.scoring.reading import Row, is_json, read_rows

IDENTITY = ("firm_id", "id", "name", "fyear", "year")
_ANSWERED = ("grade", "pd", "score", "reasons", "missing", "refused", "model")
_NO_ROW = Finding("row", "scoring.no_row")
_SCORED = N_("%(scored)s of %(rows)s rows scored; the others say why under refused.")


def score_rows(
    raw: bytes,
    model: ScoringModel,
    form: ScoreForm | None,
    language: Language,
    *,
    explain: bool = False,
) -> tuple[str, str]:
    """The answer, and a note on how many rows it scored. As the input came where no form is said.

    Violations: as of reading.
    """
    rows = read_rows(raw)
    card = shipped_scorecard(Model(model.value))
    results = [_result(card, row) for row in rows]
    named = [name for name in IDENTITY if any(row and name in row for row in rows)]
    answers = [
        {**_identity(row, named), **_answer(result)}
        for row, result in zip(rows, results, strict=True)
    ]
    form = form or (ScoreForm.JSON if is_json(raw) or explain else ScoreForm.CSV)
    if form is ScoreForm.JSON:
        for answer, result in zip(answers, results, strict=True):
            answer.update(_in_words(result, language, explain=explain))
        text = json.dumps(answers, ensure_ascii=False, indent=1)
    else:
        text = _csv((*named, *_ANSWERED), answers)
    return text, _note(results, language)


def _result(card: Scorecard, row: Row | None) -> ScorecardResult:
    return card.unscored((), (_NO_ROW,)) if row is None else card.score_lines(lines_of_row(row))


def _identity(row: Row | None, named: Iterable[str]) -> dict[str, object]:
    return {name: _plain(row.get(name)) if row else None for name in named}


def _plain(cell: object) -> object:
    """What was read, as JSON can write it again."""
    return str(cell) if isinstance(cell, Decimal) else cell if isinstance(cell, str) else None


def _answer(result: ScorecardResult) -> dict[str, object]:
    """Empty grade, probability and score where the row is refused, with every reason why."""
    return {
        "grade": result.grade,
        "pd": None if result.pd is None else f"{result.pd:f}",
        "score": None if result.score is None else f"{result.score:f}",
        "reasons": ";".join(f"{part.name}:-{part.lost}" for part in result.reasons()),
        "missing": ";".join(f"{name}:{gap}" for name, gap in result.missing),
        "refused": ";".join(f"{found.code}:{found.field}" for found in result.findings),
        "model": result.version,
    }


def _in_words(
    result: ScorecardResult, language: Language, *, explain: bool
) -> Mapping[str, object]:
    said = [message_for(found.code, found.params, language) for found in result.findings]
    words: dict[str, object] = {"messages": said} if said else {}
    return words | ({"parts": [_part(part) for part in result.parts]} if explain else {})


def _part(part: Part) -> Mapping[str, object]:
    known = part.value is not None
    return {
        "ratio": part.name,
        "formula": part.characteristic.ratio.formula,
        "value": f"{part.value:f}" if known else None,
        "bin": part.bin,
        "points": str(part.points),
        "best": str(part.characteristic.best),
        "average": f"{part.characteristic.average:.2f}",
    }


def _csv(names: tuple[str, ...], answers: Iterable[Mapping[str, object]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(answers)
    return out.getvalue().rstrip("\n")


def _note(results: list[ScorecardResult], language: Language) -> str:
    scored = sum(result.grade is not None for result in results)
    counts = {"scored": str(scored), "rows": str(len(results))}
    return translator(language).gettext(_SCORED) % counts
