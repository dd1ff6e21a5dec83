"""What a notification says, in one sentence of the reader's language. Plain text: names go in as they are."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dragoman.moderation.reasons import REASONS
from dragoman.notifications.queries import ShownNotification
from dragoman.notifications.rules.kinds import Kind


def sentence(shown: ShownNotification) -> str:
    """Such as “Ada answered your comment”."""
    if shown.kind == "followed":
        return ngettext(
            "%(number)s new comment in a conversation that you follow",
            "%(number)s new comments in a conversation that you follow",
            shown.times,
        ) % {"number": shown.times}
    if shown.kind == "decision":
        return _decision(shown)
    if shown.comment is None:
        return _of_no_comment(shown.kind)
    told = {
        "reply": _("%(nickname)s answered your comment"),
        "quote": _("%(nickname)s quoted your comment"),
        "mention": _("%(nickname)s mentioned you"),
        "pick": _("The editors picked your comment"),
    }[shown.kind]
    return told % {"nickname": shown.comment.author.nickname}


def _of_no_comment(kind: Kind) -> str:
    if kind == "sanction":
        return _("A moderator has decided about your account")
    return _("Your suggestion for a translation was taken over. Thank you!")


def _decision(shown: ShownNotification) -> str:
    told = {
        "hold": _("A moderator is looking at your comment"),
        "ask": _("A moderator asks you to put your comment in other words"),
        "remove": _("A moderator removed your comment"),
        "uphold": _("Another moderator has looked at it: the decision stands."),
        "move": _("A moderator moved your comment to where it belongs"),
        "release": _("Your comment is shown now"),
        "restore": _("Your comment is shown again"),
    }.get(shown.act, _("A moderator decided about your comment"))
    return f"{told}: {REASONS[shown.reason]}" if shown.reason in REASONS else told
