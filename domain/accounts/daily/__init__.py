"""Interest from the principal really owed each day: the level instalment that moves with money."""
