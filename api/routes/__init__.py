"""The resources of the JSON door."""
