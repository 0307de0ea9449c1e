"""What a person reads: the catalogue of texts, the words for codes, and how figures are written."""
