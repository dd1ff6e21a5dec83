"""What holds in every conversation, without database, clock or settings."""
