"""The whole book as risk people read it: quality, migration, vintages, loss, shares, stress."""
