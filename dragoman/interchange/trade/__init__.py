"""The files of the translation trade: TMX (memories), TBX (glossaries), XLIFF (texts for an outside translator)."""
