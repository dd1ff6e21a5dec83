"""What translation stores. An edition is a view: nothing here copies a text per language."""

from dragoman.translation.models.editions import Edition, EditionDefault, ShareOfDay
from dragoman.translation.models.engines import (
    Dispatch,
    Engine,
    Failure,
    Job,
    PairRecord,
    Routing,
    Spending,
)
from dragoman.translation.models.glossary import (
    GlossaryChange,
    GlossaryTerm,
    GlossaryVersion,
    Recheck,
    SectionTopic,
)
from dragoman.translation.models.texts import (
    Occurrence,
    Revision,
    Segment,
    Unit,
)
from dragoman.translation.models.translations import (
    SUGGESTION_STATES,
    Current,
    Remark,
    Suggestion,
    Telling,
    Translation,
)

__all__ = [
    "SUGGESTION_STATES",
    "Current",
    "Dispatch",
    "Edition",
    "EditionDefault",
    "Engine",
    "Failure",
    "GlossaryChange",
    "GlossaryTerm",
    "GlossaryVersion",
    "Job",
    "Occurrence",
    "PairRecord",
    "Recheck",
    "Remark",
    "Revision",
    "Routing",
    "SectionTopic",
    "Segment",
    "ShareOfDay",
    "Spending",
    "Suggestion",
    "Telling",
    "Translation",
    "Unit",
]
