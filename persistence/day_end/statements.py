"""The sentences of day end, each over the whole book. `opens_on` is the day after the closed one.

A row is never asked for by itself: the cost of a day is one pass over what is open.
"""

from __future__ import annotations

# The house's own notes need nothing but their schedule: one rate, parts by days.
RULES_OF_NEW_NOTES = """
INSERT INTO lateness_rule (loan_id, late_rate, year_days, compound, grace_days,
                           non_accrual_after_days, misused, written_off)
SELECT l.id, c.yearly_rate * (1 + c.penalty_uplift), 360, true, 0, 90, false, false
FROM loan l JOIN contract c ON c.loan_id = l.id
WHERE l.drawn_on IS NOT NULL AND l.status = 'active'
  AND NOT EXISTS (SELECT 1 FROM lateness_rule r WHERE r.loan_id = l.id)
"""
SEGMENTS_OF_NEW_NOTES = """
INSERT INTO accrual_segment (loan_id, from_on, n, to_on, earned_before, per_day)
SELECT i.loan_id, i.period_start_on, i.n, i.due_on, 0,
       i.interest / (i.due_on - i.period_start_on)
FROM instalment i JOIN loan l ON l.id = i.loan_id
WHERE l.drawn_on IS NOT NULL AND l.status = 'active'
  AND i.interest > 0 AND i.due_on > i.period_start_on
  AND NOT EXISTS (SELECT 1 FROM lateness_rule r WHERE r.loan_id = i.loan_id)
"""

# The planner takes a table filled a moment ago for an empty one, and loops over it row by row.
KNOW_RULES = "ANALYZE lateness_rule, accrual_segment"
KNOW_STATUS = "ANALYZE note_status"
KNOW_POSITIONS = "ANALYZE day_end_position"
KNOW_CHANGES = "ANALYZE day_end_change"

# A figure that ends in half a cent exactly may be kept a hair below it; the hair is given back.
MEASURE = """
WITH book AS (
  SELECT l.id, l.customer_id, l.currency, r.late_rate, r.year_days, r.compound, r.grace_days,
         r.non_accrual_after_days, r.written_off, r.non_accrual
  FROM loan l JOIN lateness_rule r ON r.loan_id = l.id
  LEFT JOIN note_status s ON s.loan_id = l.id
  WHERE l.drawn_on IS NOT NULL AND (l.status = 'active' OR s.outstanding <> 0
        OR s.booked_receivable <> 0 OR s.booked_memo <> 0)
), line AS (
  SELECT b.id, b.customer_id, b.currency, b.non_accrual_after_days, b.written_off, b.non_accrual,
    sum(i.principal - i.principal_paid) AS outstanding,
    coalesce(sum(i.interest) FILTER (WHERE i.due_on <= :opens_on), 0)
      - sum(i.interest_paid) AS interest_due,
    coalesce(:opens_on - min(i.due_on) FILTER (WHERE i.due_on < :opens_on
      AND i.principal + i.interest > i.principal_paid + i.interest_paid), 0) AS late,
    sum(CASE WHEN i.due_on + b.grace_days < :opens_on AND i.paid_on IS NULL THEN
      round(i.penalty_accrued + i.penalty_residual + (i.principal - i.principal_paid)
        * b.late_rate * greatest(:opens_on - greatest(i.due_on, coalesce(i.accrued_to_on,
        i.due_on)), 0) / b.year_days + 1e-12, 2)
      ELSE i.penalty_accrued END - i.penalty_paid) AS penalty,
    sum(CASE WHEN b.compound AND i.due_on + b.grace_days < :opens_on AND i.paid_on IS NULL THEN
      round(i.compound_accrued + i.compound_residual + (i.interest - i.interest_paid)
        * b.late_rate * greatest(:opens_on - greatest(i.due_on, coalesce(i.accrued_to_on,
        i.due_on)), 0) / b.year_days + 1e-12, 2)
      ELSE i.compound_accrued END - i.compound_paid) AS compound
  FROM book b JOIN instalment i ON i.loan_id = b.id
  GROUP BY b.id, b.customer_id, b.currency, b.non_accrual_after_days, b.written_off, b.non_accrual
), running AS (
  SELECT s.loan_id,
    sum(round(s.earned_before + s.per_day * (:opens_on - s.from_on) + 1e-12, 2)) AS accrued
  FROM accrual_segment s JOIN instalment i ON i.loan_id = s.loan_id AND i.n = s.n
  WHERE s.from_on < :opens_on AND s.to_on >= :opens_on AND i.due_on > :opens_on
  GROUP BY s.loan_id
)
INSERT INTO note_status (loan_id, customer_id, currency, opens_on, outstanding,
  days_past_due, accrual_status, accrued_interest, interest_due, penalty, compound,
  own_class, five_class, booked_receivable, booked_memo)
SELECT n.id, n.customer_id, n.currency, :opens_on, n.outstanding, n.late,
  CASE WHEN n.written_off OR n.late > n.non_accrual_after_days OR n.late > 0 AND n.non_accrual
    THEN 'non_accrual' ELSE 'accrual' END,
  coalesce(r.accrued, 0), n.interest_due, n.penalty, n.compound, 'normal', 'normal', 0, 0
FROM line n LEFT JOIN running r ON r.loan_id = n.id
ON CONFLICT (loan_id) DO UPDATE SET
  opens_on = excluded.opens_on, outstanding = excluded.outstanding,
  days_past_due = excluded.days_past_due, accrued_interest = excluded.accrued_interest,
  interest_due = excluded.interest_due, penalty = excluded.penalty,
  compound = excluded.compound, accrual_status = excluded.accrual_status
"""

# Days of grace for the arrears, the day it became normal, the day observation starts again.
HISTORY = """
UPDATE note_status s SET
  normal_since_on = CASE WHEN s.days_past_due > 0 THEN NULL
    ELSE coalesce(s.normal_since_on, s.opens_on) END,
  observed_from_on = CASE WHEN r.restructured_on IS NULL THEN NULL
    WHEN s.days_past_due > 0 THEN s.opens_on
    ELSE coalesce(s.observed_from_on, r.restructured_on) END
FROM lateness_rule r
WHERE r.loan_id = s.loan_id AND s.opens_on = :opens_on
  AND ((s.days_past_due > 0) = (s.normal_since_on IS NOT NULL)
       OR r.restructured_on IS NOT NULL)
"""
# A debit the bank asked for and nobody answered is late by no doing of the borrower's.
CLASSIFY = """
WITH met AS (
  SELECT s.loan_id,
    count(*) FILTER (WHERE i.due_on > s.normal_since_on) AS periods,
    count(*) FILTER (WHERE i.due_on >= s.observed_from_on) AS observed
  FROM note_status s JOIN instalment i ON i.loan_id = s.loan_id AND i.due_on < s.opens_on
  WHERE s.opens_on = :opens_on AND s.days_past_due = 0
    AND (s.own_class IN ('substandard', 'doubtful', 'loss') OR s.observed_from_on IS NOT NULL)
  GROUP BY s.loan_id
), unanswered AS (
  SELECT i.loan_id, min(i.due_on) AS due_on
  FROM collection a JOIN instalment i ON i.loan_id = a.loan_id AND i.n = a.n
  WHERE a.status = 'asked' AND i.due_on < :opens_on GROUP BY i.loan_id
), refinancing AS (
  SELECT loan_id FROM contract WHERE (terms -> 'refinances') IS NOT NULL
), floors AS (
  SELECT s.loan_id, s.own_class AS before, greatest(
    CASE WHEN s.days_past_due <= :operational AND s.days_past_due = s.opens_on - u.due_on THEN 0
         WHEN s.days_past_due > :loss THEN 4 WHEN s.days_past_due > :doubtful THEN 3
         WHEN s.days_past_due > :substandard THEN 2 WHEN s.days_past_due > :mention THEN 1
         ELSE 0 END,
    CASE WHEN r.written_off THEN 4 WHEN r.misused OR f.loan_id IS NOT NULL THEN 1 ELSE 0 END,
    CASE WHEN s.observed_from_on IS NOT NULL AND (s.days_past_due > 0
      OR s.opens_on < s.observed_from_on + make_interval(months => :observation_months)
      OR coalesce(m.observed, 0) < :observation_periods) THEN 1 ELSE 0 END,
    CASE WHEN s.own_class IN ('substandard', 'doubtful', 'loss') AND NOT (s.days_past_due = 0
      AND s.opens_on >= s.normal_since_on + make_interval(months => :upgrade_months)
      AND coalesce(m.periods, 0) >= :upgrade_periods)
      THEN array_position(:classes, s.own_class::text) - 1 ELSE 0 END
  ) AS rank
  FROM note_status s JOIN lateness_rule r ON r.loan_id = s.loan_id
  LEFT JOIN met m ON m.loan_id = s.loan_id
  LEFT JOIN unanswered u ON u.loan_id = s.loan_id
  LEFT JOIN refinancing f ON f.loan_id = s.loan_id
  WHERE s.opens_on = :opens_on
)
UPDATE note_status s SET own_class = (CAST(:classes AS text[]))[f.rank + 1]
FROM floors f
WHERE f.loan_id = s.loan_id AND s.own_class <> (CAST(:classes AS text[]))[f.rank + 1]
"""
CONTAGION = """
WITH debtor AS (
  SELECT customer_id, currency,
    coalesce(sum(outstanding) FILTER (
      WHERE own_class IN ('substandard', 'doubtful', 'loss')), 0)
      > sum(outstanding) * CAST(:share AS numeric) AS bad
  FROM note_status WHERE opens_on = :opens_on GROUP BY customer_id, currency
), found AS (
  SELECT s.loan_id, CASE WHEN d.bad AND s.own_class IN ('normal', 'special_mention')
    THEN 'substandard' ELSE s.own_class END AS class
  FROM note_status s JOIN debtor d USING (customer_id, currency)
  WHERE s.opens_on = :opens_on
)
UPDATE note_status s SET five_class = f.class
FROM found f WHERE f.loan_id = s.loan_id AND s.five_class <> f.class
"""

# What the notes' own journals hold; day end's journals of the whole book hold the rest.
POSITIONS = """
CREATE TEMP TABLE day_end_position ON COMMIT DROP AS
SELECT j.loan_id,
  coalesce(sum(x.amount) FILTER (WHERE x.account IN ('loans', 'memo_written_off')), 0) AS loans,
  coalesce(sum(x.amount) FILTER (WHERE x.account = 'interest_receivable'), 0) AS receivable,
  coalesce(sum(x.amount) FILTER (WHERE x.account = 'memo_interest'), 0) AS memo
FROM journal j JOIN journal_line x ON x.journal_id = j.id
WHERE j.loan_id IS NOT NULL
  AND x.account IN ('loans', 'memo_written_off', 'interest_receivable', 'memo_interest')
GROUP BY j.loan_id
"""
CHANGES = """
CREATE TEMP TABLE day_end_change ON COMMIT DROP AS
SELECT s.loan_id, s.currency,
  CASE WHEN s.accrual_status = 'accrual' THEN s.interest_due + s.accrued_interest ELSE 0 END
    - coalesce(p.receivable, 0) AS receivable,
  CASE WHEN s.accrual_status = 'accrual' THEN 0 ELSE s.interest_due + s.accrued_interest END
    - coalesce(p.memo, 0) AS memo,
  s.booked_receivable AS had_receivable, s.booked_memo AS had_memo
FROM note_status s LEFT JOIN day_end_position p ON p.loan_id = s.loan_id
WHERE s.opens_on = :opens_on
"""
JOURNALS = """
WITH total AS (
  SELECT currency, sum(receivable - had_receivable) AS receivable, sum(memo - had_memo) AS memo
  FROM day_end_change GROUP BY currency
), made AS (
  INSERT INTO journal (key, kind, loan_id, business_on, posted_at)
  SELECT 'day:' || :business_on || ':' || currency || ':' || CAST(:run AS text), 'accrual',
         NULL, CAST(:business_on AS date), :at
  FROM total WHERE receivable <> 0 OR memo <> 0
  RETURNING id, key
)
INSERT INTO journal_line (journal_id, account, amount, currency)
SELECT m.id, x.account, x.amount, t.currency
FROM total t
JOIN made m ON m.key = 'day:' || :business_on || ':' || t.currency || ':' || CAST(:run AS text)
CROSS JOIN LATERAL (VALUES
  ('interest_receivable', t.receivable), ('interest_income', -t.receivable),
  ('memo_interest', t.memo), ('memo_contra', -t.memo)) AS x (account, amount)
WHERE x.amount <> 0
"""
BOOKED = """
UPDATE note_status s SET booked_receivable = c.receivable, booked_memo = c.memo
FROM day_end_change c
WHERE c.loan_id = s.loan_id
  AND (c.receivable <> c.had_receivable OR c.memo <> c.had_memo)
"""
SNAPSHOT_CLEAR = "DELETE FROM portfolio_day WHERE business_on = CAST(:business_on AS date)"
SNAPSHOT = """
INSERT INTO portfolio_day (business_on, currency, five_class, accrual_status, ageing, notes,
  outstanding, accrued_interest, penalty)
SELECT CAST(:business_on AS date), currency, five_class, accrual_status,
  CASE WHEN days_past_due = 0 THEN 'current' WHEN days_past_due <= 30 THEN '1-30'
       WHEN days_past_due <= 60 THEN '31-60' WHEN days_past_due <= 90 THEN '61-90'
       WHEN days_past_due <= 180 THEN '91-180' WHEN days_past_due <= 360 THEN '181-360'
       ELSE '361+' END AS ageing,
  count(*), sum(outstanding), sum(accrued_interest), sum(penalty + compound)
FROM note_status WHERE opens_on = :opens_on AND outstanding + penalty + compound > 0
GROUP BY currency, five_class, accrual_status, ageing
"""
# Principal note by note; interest as the whole ledger has it against the sum of the notes.
TIE_OUT = """
SELECT
  (SELECT coalesce(sum(abs(coalesce(p.loans, 0) - s.outstanding)), 0)
   FROM note_status s LEFT JOIN day_end_position p ON p.loan_id = s.loan_id
   WHERE s.opens_on = :opens_on)
  + (SELECT coalesce(sum(abs(g.amount - n.amount)), 0) FROM
      (SELECT currency, sum(amount) AS amount FROM journal_line
       WHERE account = 'interest_receivable' GROUP BY currency) g
      FULL JOIN (SELECT currency, sum(CASE WHEN accrual_status = 'accrual'
         THEN interest_due + accrued_interest ELSE 0 END) AS amount
       FROM note_status WHERE opens_on = :opens_on GROUP BY currency) n USING (currency))
  AS difference,
  (SELECT count(*) FROM note_status WHERE opens_on = :opens_on) AS notes
"""
CLOSE = """
INSERT INTO closed_period (business_on, closed_at, difference, notes)
VALUES (CAST(:business_on AS date), :at, :difference, :notes)
ON CONFLICT (business_on) DO UPDATE SET
  closed_at = excluded.closed_at, difference = excluded.difference, notes = excluded.notes
"""
