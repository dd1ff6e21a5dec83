"""The staff's screens inside Wagtail's admin."""
