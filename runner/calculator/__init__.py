"""The calculator: loan arithmetic as JSON in, JSON out, without a bank around it."""
