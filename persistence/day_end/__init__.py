"""Day end: the whole book accrued, classified, posted and tied out by sets, one day at a time."""
