"""Pure rules of translation: documents, sentences, protection, checks. No database, clock or Django."""
