"""The outside sources of information: the port we call, and a shipped simulator of all."""
