"""Ratings of customers: how long one stands, and how far a person may move it."""

from domain.ratings.override import OVERRIDABLE, check_override, notches_up, valid_to

__all__ = ["OVERRIDABLE", "check_override", "notches_up", "valid_to"]
