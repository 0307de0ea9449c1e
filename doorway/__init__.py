"""What both doors share: who is asking, from where, and what they may have."""
