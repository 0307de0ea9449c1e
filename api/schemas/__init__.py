"""What the JSON door takes and gives. Amounts and rates are texts, instants ISO 8601 in UTC."""
