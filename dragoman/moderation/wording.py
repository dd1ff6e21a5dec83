"""What the rules are called, and what they say: to moderators, to a writer who is refused, and in a statement."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from dragoman.moderation.errors import BadWordList, Refused
from dragoman.moderation.rules.lists import LONGEST_WORD, MOST_WORDS, BadList

# Each as a finding, for a moderator's eyes and for a statement of reasons.
RULES: dict[str, StrOrPromise] = {
    "trap": gettext_lazy("a field that only programs fill in was filled in"),
    "repetition": gettext_lazy("the same text by the same writer a moment ago"),
    "flood": gettext_lazy("more comments at once than people write"),
    "chain": gettext_lazy("the same text from several accounts"),
    "impersonation": gettext_lazy("a name that looks like one of the staff’s"),
    "record": gettext_lazy("several comments of the writer were removed lately"),
    "listed": gettext_lazy("listed words"),
    "links": gettext_lazy("links"),
    "shouting": gettext_lazy("capitals or exclamation marks throughout"),
    "newcomers": gettext_lazy("one of the writer’s first comments"),
    "classifier": gettext_lazy("an outside program’s judgement"),
}
NUMBERS: dict[str, StrOrPromise] = {
    "repetition.minutes": gettext_lazy("within so many minutes"),
    "flood.here": gettext_lazy("comments in ten minutes at one place"),
    "flood.address": gettext_lazy("other accounts at one address within an hour"),
    "chain.others": gettext_lazy("other accounts"),
    "record.removed": gettext_lazy("removed of the latest twenty"),
    "links.newcomer": gettext_lazy("no link at all before so many comments were shown"),
    "links.most": gettext_lazy("links at most"),
    "shouting.percent": gettext_lazy("of a hundred letters"),
    "newcomers.first": gettext_lazy("comments of each writer"),
}
ACTS: dict[str, StrOrPromise] = {
    "off": gettext_lazy("nothing"),
    "flag": gettext_lazy("shown, and put before a moderator"),
    "hold": gettext_lazy("held until a moderator has read it"),
    "refuse": gettext_lazy("not taken"),
}


SANCTIONS: dict[str, StrOrPromise] = {
    "warn": gettext_lazy("a warning"),
    "hold": gettext_lazy("comments wait for a moderator"),
    "suspend": gettext_lazy("suspended"),
    "ban": gettext_lazy("banned"),
}


def refusal(rule: str) -> Refused:
    """What a writer is told whose comment is not taken."""
    if rule == "repetition":
        return Refused(_("You have just written the same. It is there already; nothing was sent twice."))
    if rule == "trap":
        return Refused(
            _("This form was filled in by a program. If that was you, please reload the page and try again.")
        )
    if rule == "listed":
        return Refused(_("Your comment has words in it that are not taken here. Please say it in other words."))
    return Refused(_("Your comment was not taken: %(why)s. Please change it and try again.") % {"why": RULES[rule]})


def fault_of(error: BadList) -> BadWordList:
    """What is wrong with a list, in one sentence."""
    told = {"line": error.line, "text": error.text}
    if error.fault == "too-many":
        return BadWordList(_("A list has at most %(most)s words. Divide it into several.") % {"most": MOST_WORDS})
    if error.fault == "too-long":
        return BadWordList(
            _("Line %(line)s: “%(text)s…” is longer than %(most)s characters.") % {**told, "most": LONGEST_WORD}
        )
    if error.fault == "pattern":
        return BadWordList(
            _("Line %(line)s: “%(text)s” looks like a pattern. Write words; only * at the beginning or end is known.")
            % told
        )
    if error.fault == "star":
        return BadWordList(
            _("Line %(line)s: in “%(text)s” the * must stand at the beginning or end of a single word.") % told
        )
    if error.fault == "few-letters":
        return BadWordList(_("Line %(line)s: “%(text)s” needs three letters beside the *.") % told)
    return BadWordList(_("Line %(line)s: “%(text)s” has no letters.") % told)
