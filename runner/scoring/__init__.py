"""`corploan score`: rows of firms' figures in, a grade with its reasons out."""
