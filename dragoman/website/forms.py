"""Readers' forms, parsed into what the actions want."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from dragoman.conversation.actions import Draft
from dragoman.conversation.rules.quoting import Passage
from dragoman.conversation.screening import NOWHERE, Origin
from dragoman.foundation.languages import autonym
from dragoman.moderation.actions import LONGEST_NOTE
from dragoman.moderation.reasons import REASONS
from dragoman.notifications.rules.kinds import KINDS, Kind, Wish
from dragoman.search.queries import Asked
from dragoman.translation.passages import Sentence


@cache
def writing_languages() -> list[tuple[str, str]]:
    """What a comment may be declared to be in, by its own name."""
    return [(tag, autonym(tag)) for tag in settings.DRAGOMAN.known_languages]


def passage_token(sentence: Sentence) -> str:
    """A whole sentence as a form's value."""
    return f"{sentence.unit}:{sentence.block}:{sentence.occurrence}:{sentence.revision}:0:{len(sentence.text)}"


def read_passage(token: str) -> Passage | None:
    """A form's value as a passage; ``None`` where it is no token of ours."""
    parts = token.split(":")
    if len(parts) != 6 or not all(part.isdecimal() and len(part) < 10 for part in (parts[0], *parts[2:])):
        return None
    unit, occurrence, revision, start, end = (int(part) for part in (parts[0], *parts[2:]))
    return Passage(unit, parts[1][:80], occurrence, revision, start, end, "") if end > start else None


TRAP = "website"  # a field that programs fill in and people do not see


class CommentForm(forms.Form):
    """A comment. Whether its text will do is the action's to say, so nothing is required here."""

    # No max_length and no stripping: the draft comes back exactly as it was typed.
    text = forms.CharField(
        label=_("Your comment"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 7, "dir": "auto", "aria-describedby": "comment-help"}),
    )
    language = forms.ChoiceField(label=_("Written in"), required=False)
    reply_to = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    quote = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    key = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    # The writer was asked about the language and gave this one as the answer.
    sure = forms.ChoiceField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("recognise it for me")), *writing_languages()]
        sure = self.fields["sure"]
        assert isinstance(sure, forms.ChoiceField)
        sure.choices = writing_languages()

    @staticmethod
    def fresh_key() -> str:
        """For a form that was not sent yet."""
        return uuid4().hex

    def draft(self, *, prior: str, origin: Origin = NOWHERE) -> Draft:
        """What the reader sent; ``prior`` is the edition that it was written in."""
        sent = self.cleaned_data
        text = str(sent["text"]).replace("\r\n", "\n")
        return Draft(
            text,
            sent["sure"] or sent["language"],
            prior,
            sent["reply_to"],
            read_passage(sent["quote"]),
            sent["key"],
            origin,
        )


class LanguageForm(forms.Form):
    """What a comment that stands already is written in."""

    language = forms.ChoiceField(label=_("Written in"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = writing_languages()


class EditForm(forms.Form):
    """What a comment shall say instead."""

    text = forms.CharField(
        label=_("Your comment"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 9, "dir": "auto", "aria-describedby": "comment-help"}),
    )


class GroundsForm(forms.Form):
    """Why a comment is reported, held or removed."""

    reason = forms.ChoiceField(label=_("Reason"), choices=list(REASONS.items()), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )


_MAILS = [("", _("no mail")), ("instant", _("at once")), ("digest", _("once a day"))]
_KINDS = {
    "reply": _("Somebody answers my comment"),
    "quote": _("Somebody quotes my comment"),
    "mention": _("Somebody mentions me"),
    "followed": _("New comments in conversations that I follow"),
    "pick": _("The editors pick my comment"),
    "sanction": _("A moderator decides about my account"),
    "thanks": _("My suggestion for a translation is taken over"),
    "decision": _("A moderator decides about my comment"),
}


class WishesForm(forms.Form):
    """For each kind of news three fields: on the site, by mail, on the reader's devices."""

    def __init__(self, *args: Any, wishes: Mapping[Kind, Wish], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, wish in wishes.items():
            what = str(_KINDS[kind])
            fields: dict[str, forms.Field] = {
                "site": forms.BooleanField(label=_("here"), required=False, initial=wish.site),
                "mail": forms.ChoiceField(label=_("by mail"), required=False, choices=_MAILS, initial=wish.mail),
                "push": forms.BooleanField(label=_("on my devices"), required=False, initial=wish.push),
            }
            for way, field in fields.items():
                field.widget.attrs["aria-label"] = f"{what}: {field.label}"
                self.fields[f"{kind}-{way}"] = field

    def label(self, kind: Kind) -> StrOrPromise:
        """What the kind is, in words."""
        return _KINDS[kind]

    def fields_of(self, kind: Kind) -> list[forms.BoundField]:
        """Its three fields."""
        return [self[f"{kind}-{way}"] for way in ("site", "mail", "push")]

    def wishes(self) -> dict[Kind, Wish]:
        """What was chosen."""
        sent = self.cleaned_data
        return {kind: Wish(*(sent[f"{kind}-{way}"] for way in ("site", "mail", "push"))) for kind in KINDS}


class DeviceForm(forms.Form):
    """What a browser says of where its web push goes (RFC 8030)."""

    endpoint = forms.URLField(max_length=1000, assume_scheme="https")
    p256dh = forms.RegexField(r"^[A-Za-z0-9_-]{80,100}=*$", required=False)
    auth = forms.RegexField(r"^[A-Za-z0-9_-]{16,40}=*$", required=False)
    remove = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """A device without keys can only be taken away."""
        sent: dict[str, Any] = super().clean() or {}
        if not (sent.get("remove") or (sent.get("p256dh") and sent.get("auth"))):
            raise forms.ValidationError(_("The keys are missing."))
        return sent


# Days that no time zone pushes out of what a database can keep.
_DAYS = [MinValueValidator(date(1970, 1, 2)), MaxValueValidator(date(2199, 12, 31))]


class SearchForm(forms.Form):
    """What is looked for, and among what."""

    q = forms.CharField(
        label=_("Words"), required=False, max_length=400, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = forms.ChoiceField(
        label=_("Among"),
        required=False,
        choices=[("", _("articles and comments")), ("article", _("articles")), ("comment", _("comments"))],
    )
    section = forms.ChoiceField(label=_("Section"), required=False)
    author = forms.CharField(label=_("Nickname of the writer"), required=False, max_length=80)
    written_in = forms.ChoiceField(label=_("Written in"), required=False)
    since = forms.DateField(
        label=_("From"), required=False, validators=_DAYS, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Until"), required=False, validators=_DAYS, widget=forms.DateInput(attrs={"type": "date"})
    )
    order = forms.ChoiceField(
        label=_("Order"), required=False, choices=[("", _("best first")), ("newest", _("newest first"))]
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=1000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, sections: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("section", sections), ("written_in", writing_languages())):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("any")), *choices]

    def filters(self) -> list[forms.BoundField]:
        """What narrows the search."""
        return [self[name] for name in ("kind", "section", "author", "written_in", "since", "until", "order")]

    def is_narrowed(self) -> bool:
        """Whether one of them is used."""
        return self.is_bound and any(self.data.get(field.name) for field in self.filters())

    def asked(self) -> Asked:
        """What was typed and chosen; days are the publication's."""
        sent = self.cleaned_data
        zone = ZoneInfo(settings.DRAGOMAN.timezone)
        since, until = sent["since"], sent["until"]
        return Asked(
            sent["q"],
            kind=sent["kind"],
            section=sent["section"],
            author=sent["author"].strip().removeprefix("@"),
            written_in=sent["written_in"],
            since=datetime.combine(since, time(), zone) if since else None,
            until=datetime.combine(until, time(), zone) + timedelta(days=1) if until else None,
            newest_first=sent["order"] == "newest",
            page=sent["page"] or 1,
        )


class ProfileForm(forms.Form):
    """What a reader says of himself or herself."""

    nickname = forms.CharField(label=_("Nickname"), max_length=80)
    real_name = forms.CharField(label=_("Real name"), required=False, max_length=80)
    shows_real_name = forms.BooleanField(label=_("Show my real name beside my comments"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages that I understand"),
        help_text=_("Texts in these languages are shown to you untranslated."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reads_originals = forms.BooleanField(label=_("Translate nothing for me"), required=False)
    edition = forms.ChoiceField(label=_("Write to me in"), required=False)
    shows_presence = forms.BooleanField(label=_("Show others when I am online"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["languages"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = writing_languages()
        edition = self.fields["edition"]
        assert isinstance(edition, forms.ChoiceField)
        edition.choices = [(tag, autonym(tag)) for tag in settings.DRAGOMAN.languages]
