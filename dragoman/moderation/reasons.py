"""Why something is reported, held or removed: codes, and what they are called."""

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

REASONS: dict[str, StrOrPromise] = {
    "abuse": _("insult or harassment"),
    "hate": _("hatred against a group"),
    "spam": _("advertising or spam"),
    "off-topic": _("not about the topic"),
    "personal-data": _("private data of somebody"),
    "impersonation": _("pretending to be somebody else"),
    "false": _("false claims about somebody"),
    "illegal": _("something illegal"),
    "other": _("something else"),
}

AGAINST = ("hold", "ask", "remove")  # acts that need a reason, and may be appealed
