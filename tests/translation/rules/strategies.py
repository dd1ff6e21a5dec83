"""Texts as readers could type them, and how long Hypothesis may try."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

BRIEFLY = settings(max_examples=200, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))

NAMES = ("_AMUHb_", "Ada", "O'Dowda", "Ruben (the baker)")

_BITS = (
    *NAMES,
    *("word", "lamp", "Et tu", "é", "中", "سلام", "🙂", "👩‍👩‍👧", "5", "e.g.", "Dr."),
    *(" ", "  ", "\n", "\n\n", "\t", "    ", "\u00a0", ".", ". ", "? ", "!", ",", "…", "“", "”", "(", ")"),
    *("*", "**", "_", "__", "`", "``", "```", "~~~", "\\", "\\\n", "|", "---", "===", "# "),
    *("> ", ">", "- ", "* ", "+ ", "0. ", "1. ", "12) ", "[", "]", "](http://a.example/b)", '](u "title")'),
    *("](<http://a.example/(Ada>)", "](javascript:x)", "<http://b.example>", "https://c.example/x).", "ada@d.example"),
    *("<b>", "</b>", "<script>", "</script>", "&amp;", "&", "<", ">", "@ada", "#lamp", "⟦1⟧", "⟦", "⟧", "\U000f0000"),
)
TYPED = st.lists(st.sampled_from(_BITS), max_size=14).map("".join) | st.text(max_size=60)
