"""The payment rail: the port we call, and the shipped rail that really keeps books."""
