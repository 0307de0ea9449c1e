"""`corploan bench`: the product measured on this machine, beside the bare engine."""
