"""Every reader URL and template: front page, section, article with its thread, writing, profiles."""
