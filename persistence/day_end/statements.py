"""The sentences of day end, each over the whole book. `opens_on` is the day after the closed one.

A row is never asked for by itself: the cost of a day is one pass over what is open.
"""

from __future__ import annotations

# The house's own notes need nothing but their schedule: one rate, parts by days.
RULES_OF_NEW_NOTES = """
INSERT INTO lateness_rule (loan_id, late_rate, year_days, compound, grace_days,
                           non_accrual_after_days, misused, written_off)
SELECT l.id, c.yearly_rate * (1 + c.penalty_uplift), 360,
  coalesce((c.terms -> 'lateness' ->> 'compound')::boolean, true),
  coalesce((c.terms -> 'lateness' ->> 'grace_days')::integer, 0),
  coalesce((c.terms -> 'lateness' ->> 'non_accrual_after_days')::integer, 90), false, false
FROM loan l JOIN contract c ON c.loan_id = l.id
WHERE l.drawn_on IS NOT NULL AND l.status = 'active'
  AND NOT EXISTS (SELECT 1 FROM lateness_rule r WHERE r.loan_id = l.id)
"""
SEGMENTS_OF_NEW_NOTES = """
WITH unruled AS MATERIALIZED (
  SELECT l.id FROM loan l WHERE l.drawn_on IS NOT NULL AND l.status = 'active'
    AND NOT EXISTS (SELECT 1 FROM lateness_rule r WHERE r.loan_id = l.id)
)
INSERT INTO accrual_segment (loan_id, from_on, n, to_on, earned_before, per_day)
SELECT i.loan_id, i.period_start_on, i.n, i.due_on, 0,
       i.interest / (i.due_on - i.period_start_on)
FROM unruled u JOIN instalment i ON i.loan_id = u.id
WHERE i.interest > 0 AND i.due_on > i.period_start_on
"""

# The planner takes a table filled a moment ago for an empty one, and loops over it row by row.
KNOW_RULES = "ANALYZE lateness_rule, accrual_segment"
KNOW_POSITIONS = "ANALYZE day_end_position"
KNOW_NOTES = "ANALYZE day_end_note"
KNOW_STATUS = "ANALYZE note_status"

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

# The day is worked out beside the book and written into it once, at the end: a row rewritten for
# each step costs more than all the sums. The normal days of a note are counted from the first
# without arrears, its observation anew from each day in them.
# A figure that ends in half a cent exactly may be kept a hair below it; the hair is given back.
MEASURE = """
CREATE TEMP TABLE day_end_note ON COMMIT DROP AS
WITH book AS MATERIALIZED (
  SELECT l.id, l.customer_id, l.currency, r.late_rate, r.year_days, r.compound, r.grace_days,
         r.non_accrual_after_days, r.misused, r.written_off, r.non_accrual, r.restructured_on,
         s.own_class, s.normal_since_on, s.observed_from_on, s.booked_receivable, s.booked_memo,
         s.loan_id IS NULL AS is_new
  FROM loan l JOIN lateness_rule r ON r.loan_id = l.id
  LEFT JOIN note_status s ON s.loan_id = l.id
  WHERE l.drawn_on IS NOT NULL AND (l.status = 'active' OR s.opens_on = :opens_on
        OR s.outstanding <> 0 OR s.booked_receivable <> 0 OR s.booked_memo <> 0)
), misuse AS (
  SELECT loan_id, n, sum(per_day * (least(to_on, :opens_on) - from_on)) AS penalty
  FROM misuse_segment WHERE from_on < :opens_on AND counts_after < :opens_on
  GROUP BY loan_id, n
), line AS (
  SELECT i.loan_id,
    sum(i.principal - i.principal_paid)
      FILTER (WHERE i.principal <> i.principal_paid) AS outstanding,
    sum(x.interest - i.interest_paid) FILTER (WHERE x.interest <> i.interest_paid) AS interest_due,
    coalesce(:opens_on - min(i.due_on) FILTER (WHERE i.due_on < :opens_on
      AND i.principal + i.interest > i.principal_paid + i.interest_paid), 0) AS late,
    sum(CASE WHEN m.penalty IS NOT NULL THEN
      round(i.penalty_accrued + i.penalty_residual + m.penalty
        + CASE WHEN x.late THEN (i.principal - i.principal_paid)
          * b.late_rate * x.days / b.year_days ELSE 0 END + 1e-12, 2)
      WHEN x.late THEN
      round(i.penalty_accrued + i.penalty_residual + (i.principal - i.principal_paid)
        * b.late_rate * x.days / b.year_days + 1e-12, 2)
      ELSE i.penalty_accrued END - i.penalty_paid)
      FILTER (WHERE x.late OR m.penalty IS NOT NULL
        OR i.penalty_accrued <> i.penalty_paid) AS penalty,
    sum(CASE WHEN x.late AND b.compound THEN
      round(i.compound_accrued + i.compound_residual + (i.interest - i.interest_paid)
        * b.late_rate * x.days / b.year_days + 1e-12, 2)
      ELSE i.compound_accrued END - i.compound_paid)
      FILTER (WHERE x.late OR i.compound_accrued <> i.compound_paid) AS compound,
    sum(round(s.earned_before + s.per_day * (:opens_on - s.from_on) + 1e-12, 2)) AS accrued
  FROM book b JOIN instalment i ON i.loan_id = b.id
  LEFT JOIN accrual_segment s ON s.loan_id = i.loan_id AND s.n = i.n AND i.due_on > :opens_on
    AND s.from_on < :opens_on AND s.to_on >= :opens_on
  LEFT JOIN misuse m ON m.loan_id = i.loan_id AND m.n = i.n
  CROSS JOIN LATERAL (SELECT
    CASE WHEN i.due_on <= :opens_on THEN i.interest ELSE 0 END AS interest,
    i.paid_on IS NULL AND i.due_on + b.grace_days < :opens_on AS late,
    greatest(:opens_on - greatest(i.due_on, i.accrued_to_on), 0) AS days) x
  GROUP BY i.loan_id
)
SELECT b.id AS loan_id, b.customer_id, b.currency, b.is_new,
  coalesce(n.outstanding, 0) AS outstanding, n.late AS days_past_due,
  CASE WHEN x.off_books THEN 'non_accrual' ELSE 'accrual' END AS accrual_status,
  coalesce(n.accrued, 0) AS accrued_interest, coalesce(n.interest_due, 0) AS interest_due,
  coalesce(n.penalty, 0) AS penalty, coalesce(n.compound, 0) AS compound,
  coalesce(b.own_class, 'normal') AS own_class, CAST(NULL AS text) AS worse_class,
  CASE WHEN n.late = 0 THEN coalesce(b.normal_since_on, :opens_on) END AS normal_since_on,
  CASE WHEN b.restructured_on IS NULL THEN NULL WHEN n.late > 0 THEN :opens_on
    ELSE coalesce(b.observed_from_on, b.restructured_on) END AS observed_from_on,
  b.misused, b.written_off, coalesce(p.loans, 0) AS ledger_loans,
  CASE WHEN x.off_books THEN 0 ELSE x.earned END - coalesce(p.receivable, 0) AS receivable,
  CASE WHEN x.off_books THEN x.earned ELSE 0 END - coalesce(p.memo, 0) AS memo,
  coalesce(b.booked_receivable, 0) AS had_receivable, coalesce(b.booked_memo, 0) AS had_memo
FROM book b JOIN line n ON n.loan_id = b.id
LEFT JOIN day_end_position p ON p.loan_id = b.id
CROSS JOIN LATERAL (SELECT
  b.written_off OR n.late > b.non_accrual_after_days OR n.late > 0 AND b.non_accrual AS off_books,
  coalesce(n.interest_due, 0) + coalesce(n.accrued, 0) AS earned) x
"""
# A debit the bank asked for and nobody answered is late by no doing of the borrower's.
CLASSIFY = """
WITH met AS (
  SELECT s.loan_id,
    count(*) FILTER (WHERE i.due_on > s.normal_since_on) AS periods,
    count(*) FILTER (WHERE i.due_on >= s.observed_from_on) AS observed
  FROM day_end_note s JOIN instalment i ON i.loan_id = s.loan_id AND i.due_on < :opens_on
  WHERE s.days_past_due = 0
    AND (s.own_class IN ('substandard', 'doubtful', 'loss') OR s.observed_from_on IS NOT NULL)
  GROUP BY s.loan_id
), unanswered AS (
  SELECT i.loan_id, min(i.due_on) AS due_on
  FROM collection a JOIN instalment i ON i.loan_id = a.loan_id AND i.n = a.n
  WHERE a.status = 'asked' AND i.due_on < :opens_on GROUP BY i.loan_id
), refinancing AS (
  SELECT loan_id FROM contract WHERE (terms -> 'refinances') IS NOT NULL
), floors AS (
  SELECT s.loan_id, greatest(
    CASE WHEN s.days_past_due <= :operational AND s.days_past_due = :opens_on - u.due_on THEN 0
         WHEN s.days_past_due > :loss THEN 4 WHEN s.days_past_due > :doubtful THEN 3
         WHEN s.days_past_due > :substandard THEN 2 WHEN s.days_past_due > :mention THEN 1
         ELSE 0 END,
    CASE WHEN s.written_off THEN 4 WHEN s.misused OR f.loan_id IS NOT NULL THEN 1 ELSE 0 END,
    CASE WHEN s.observed_from_on IS NOT NULL AND (s.days_past_due > 0
      OR :opens_on < s.observed_from_on + make_interval(months => :observation_months)
      OR coalesce(m.observed, 0) < :observation_periods) THEN 1 ELSE 0 END,
    CASE WHEN s.own_class IN ('substandard', 'doubtful', 'loss') AND NOT (s.days_past_due = 0
      AND :opens_on >= s.normal_since_on + make_interval(months => :upgrade_months)
      AND coalesce(m.periods, 0) >= :upgrade_periods)
      THEN array_position(:classes, s.own_class::text) - 1 ELSE 0 END
  ) AS rank
  FROM day_end_note s
  LEFT JOIN met m ON m.loan_id = s.loan_id
  LEFT JOIN unanswered u ON u.loan_id = s.loan_id
  LEFT JOIN refinancing f ON f.loan_id = s.loan_id
  WHERE s.days_past_due > 0 OR s.own_class <> 'normal' OR s.observed_from_on IS NOT NULL
    OR s.misused OR s.written_off OR f.loan_id IS NOT NULL
)
UPDATE day_end_note s SET own_class = (CAST(:classes AS text[]))[f.rank + 1]
FROM floors f
WHERE f.loan_id = s.loan_id AND s.own_class <> (CAST(:classes AS text[]))[f.rank + 1]
"""
CONTAGION = """
WITH debtor AS (
  SELECT customer_id, currency FROM day_end_note
  WHERE customer_id IN (SELECT customer_id FROM day_end_note
    WHERE own_class IN ('substandard', 'doubtful', 'loss'))
  GROUP BY customer_id, currency
  HAVING sum(outstanding) FILTER (WHERE own_class IN ('substandard', 'doubtful', 'loss'))
    > sum(outstanding) * CAST(:share AS numeric)
)
UPDATE day_end_note s SET worse_class = 'substandard'
FROM debtor d WHERE d.customer_id = s.customer_id AND d.currency = s.currency
  AND s.own_class IN ('normal', 'special_mention')
"""

STATUS_OF_KNOWN_NOTES = """
UPDATE note_status s SET
  opens_on = :opens_on, outstanding = n.outstanding, days_past_due = n.days_past_due,
  accrual_status = n.accrual_status, accrued_interest = n.accrued_interest,
  interest_due = n.interest_due, penalty = n.penalty, compound = n.compound,
  own_class = n.own_class, five_class = coalesce(n.worse_class, n.own_class),
  normal_since_on = n.normal_since_on, observed_from_on = n.observed_from_on,
  booked_receivable = n.receivable, booked_memo = n.memo
FROM day_end_note n WHERE n.loan_id = s.loan_id AND NOT n.is_new
"""
STATUS_OF_NEW_NOTES = """
INSERT INTO note_status (loan_id, customer_id, currency, opens_on, outstanding, days_past_due,
  accrual_status, accrued_interest, interest_due, penalty, compound, own_class, five_class,
  normal_since_on, observed_from_on, booked_receivable, booked_memo)
SELECT loan_id, customer_id, currency, :opens_on, outstanding, days_past_due, accrual_status,
  accrued_interest, interest_due, penalty, compound, own_class,
  coalesce(worse_class, own_class), normal_since_on, observed_from_on, receivable, memo
FROM day_end_note WHERE is_new
"""
JOURNALS = """
WITH total AS (
  SELECT currency, sum(receivable - had_receivable) AS receivable, sum(memo - had_memo) AS memo
  FROM day_end_note GROUP BY currency
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
