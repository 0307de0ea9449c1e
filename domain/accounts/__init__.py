"""The account engine: a contract and its dated events in, an account on a day out. Pure."""
