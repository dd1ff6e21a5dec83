"""What moderation stores. Subjects are told by kind and id, texts by their hash and by the places of characters."""

from dragoman.moderation.models.cases import ACTS, CODES, QUEUES, Appeal, Case, Decision, Report
from dragoman.moderation.models.people import SANCTIONS, Duty, ReaderNote, Sanction
from dragoman.moderation.models.rulebook import Mode, RulebookVersion, RuleSetting, WordList

__all__ = [
    "ACTS",
    "CODES",
    "QUEUES",
    "SANCTIONS",
    "Appeal",
    "Case",
    "Decision",
    "Duty",
    "Mode",
    "ReaderNote",
    "Report",
    "RuleSetting",
    "RulebookVersion",
    "Sanction",
    "WordList",
]
