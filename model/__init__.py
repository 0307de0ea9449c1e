"""Fitting the bank's scorecards on a panel of firms. Needs numpy; not part of the product.

`python -m model.fit` reads the panel that LOAN_DATA names and writes the artefacts that
`domain/scoring/scorecard.py` reads.
"""
