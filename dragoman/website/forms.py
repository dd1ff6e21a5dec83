"""Readers' forms, parsed into what the actions want."""

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dragoman.conversation.actions import Draft
from dragoman.conversation.rules.quoting import Passage
from dragoman.foundation.languages import autonym
from dragoman.moderation.actions import LONGEST_NOTE
from dragoman.moderation.reasons import REASONS
from dragoman.translation.queries import Sentence


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

    def draft(self, *, prior: str) -> Draft:
        """What the reader sent; ``prior`` is the edition that it was written in."""
        sent = self.cleaned_data
        text = str(sent["text"]).replace("\r\n", "\n")
        return Draft(
            text, sent["sure"] or sent["language"], prior, sent["reply_to"], read_passage(sent["quote"]), sent["key"]
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


class ProfileForm(forms.Form):
    """What a reader says of himself or herself."""

    real_name = forms.CharField(label=_("Real name"), required=False, max_length=80)
    shows_real_name = forms.BooleanField(label=_("Show my real name beside my comments"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages that I understand"),
        help_text=_("Texts in these languages are shown to you untranslated."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    shows_presence = forms.BooleanField(label=_("Show others when I am online"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["languages"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = writing_languages()
