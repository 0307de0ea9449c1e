"""Firms that do not exist: whole, coherent, and the same for the same seed on every machine."""

from runner.demo.synthetic.dice import Dice
from runner.demo.synthetic.firm import (
    EventKind,
    FirmEvent,
    Fraud,
    Holding,
    Oddity,
    SyntheticFirm,
    Year,
)
from runner.demo.synthetic.making import synthetic_firms

__all__ = [
    "Dice",
    "EventKind",
    "FirmEvent",
    "Fraud",
    "Holding",
    "Oddity",
    "SyntheticFirm",
    "Year",
    "synthetic_firms",
]
