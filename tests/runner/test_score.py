"""`corploan score`: rows in, a grade for each out, whatever shape the rows have."""

from __future__ import annotations

import csv
import io
import json

import pytest

from domain.violations import LoanRuleViolation
from language.catalogue import Language
from persistence.scorecards import shipped_scorecard
from runner.scoring.choices import ScoreForm, ScoringModel
from runner.scoring.score import score_rows
from tests.domain.scoring.cards import SOUND

VENDOR = {
    "total_revenue": "revenue",
    "cost_of_goods_sold": "cost_of_sales",
    "total_long_term_debt": "long_term_debt",
    "depreciation_and_amortization": "depreciation",
    "total_current_liabilities": "current_liabilities",
    "net_income": "net_profit",
    "total_receivables": "receivables",
    "ebit": "ebit",
    "inventory": "inventory",
    "current_assets": "current_assets",
    "total_assets": "total_assets",
    "total_liabilities": "total_liabilities",
    "retained_earnings": "retained_earnings",
}
ROW = {column: str(SOUND[line]) for column, line in VENDOR.items()}


def answered(raw: bytes) -> list[dict[str, str]]:
    text, _ = score_rows(raw, ScoringModel.CHAMPION, ScoreForm.CSV, Language.EN)
    return list(csv.DictReader(io.StringIO(text)))


def as_csv(*rows: dict[str, str], line_end: str = "\n") -> bytes:
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    return line_end.join(lines).encode()


SCORE = str(shipped_scorecard().score_lines(SOUND).score)


@pytest.mark.parametrize(
    "raw",
    [
        as_csv(ROW),
        b"\xef\xbb\xbf" + as_csv(ROW, line_end="\r\n") + b"\r\n",
        as_csv(ROW).replace(b",", b";"),
        json.dumps([ROW]).encode(),
        json.dumps(ROW).encode(),
        (json.dumps(ROW) + "\n" + json.dumps(ROW)).encode(),
        json.dumps([{line: float(amount) for line, amount in SOUND.items()}]).encode(),
        as_csv({**ROW, "remark": "n/a", "market_value": "7"}),
    ],
)
def test_the_same_firm_scores_the_same_in_every_shape(raw: bytes) -> None:
    assert {row["score"] for row in answered(raw)} == {SCORE}


def test_a_row_is_scored_alone_and_rows_keep_their_order() -> None:
    worse = {**ROW, "net_income": "-400", "total_liabilities": "900"}
    rows = [
        {"firm_id": name, "fyear": year, **of}
        for name, year, of in (("b", "2016", worse), ("a", "2015", ROW), ("b", "2015", ROW))
    ]
    together = answered(as_csv(*rows))
    assert [(row["firm_id"], row["fyear"]) for row in together] == [
        ("b", "2016"),
        ("a", "2015"),
        ("b", "2015"),
    ]
    assert [row["score"] for row in together[1:]] == [SCORE, SCORE]
    assert float(together[0]["pd"]) > float(together[1]["pd"])


def test_reasons_name_points_lost() -> None:
    (row,) = answered(as_csv(ROW))
    reasons = dict(reason.split(":-") for reason in row["reasons"].split(";"))
    assert len(reasons) == 5
    assert min(map(float, reasons.values())) > 0


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"total_assets": "-1"}, "scoring.negative:total_assets"),
        ({"total_assets": "many"}, "scoring.no_assets:total_assets"),
        ({"net_income": ""}, "scoring.not_stated:net_profit_to_assets"),
    ],
)
def test_a_row_that_cannot_be_scored_says_why(changed: dict[str, str], refused: str) -> None:
    good, bad = answered(as_csv(ROW, {**ROW, **changed}))
    assert good["score"] == SCORE
    assert (bad["grade"], bad["pd"], bad["score"]) == ("", "", "")
    assert bad["refused"].split(";")[0] == refused


def test_rows_that_are_no_rows_keep_their_place() -> None:
    raw = json.dumps([5, ROW, {"total_assets": True}]).encode()
    rows = json.loads(score_rows(raw, ScoringModel.CHAMPION, None, Language.EN)[0])
    assert [row["score"] for row in rows] == [None, SCORE, None]
    assert rows[0]["refused"] == "scoring.no_row:row"
    assert rows[0]["messages"] == ["This row does not fit the columns or is no object."]
    long = as_csv(ROW) + b"\n" + b",".join([b"1"] * 40)
    assert answered(long)[1]["refused"] == "scoring.no_row:row"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "score.no_rows"),
        (b"[]", "score.no_rows"),
        (b"[{", "score.unreadable"),
        (b"\xff\xfe\x00", "score.unreadable"),
        (b"total_assets,total_assets\n1,2", "score.unreadable"),
        (b"colour,shape\nred,round", "score.columns"),
        (b"[" * 200_000, "score.unreadable"),
        (b"total_assets\n" + b"1" * 200_000, "score.unreadable"),
    ],
)
def test_what_cannot_be_read_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(LoanRuleViolation) as refused:
        score_rows(raw, ScoringModel.CHAMPION, None, Language.ZH)
    assert refused.value.code == code


def test_the_challenger_answers_under_its_own_version() -> None:
    text, note = score_rows(as_csv(ROW), ScoringModel.CHALLENGER, None, Language.EN, explain=True)
    (row,) = json.loads(text)
    assert row["model"] == "us-listed-textbook-2026.1"
    assert len(row["parts"]) == 9
    assert note.startswith("1 of 1 rows scored")
