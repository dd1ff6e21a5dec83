"""django-allauth fitted to our accounts: nicknames, addresses in the reader's language, e-mail."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm
from disposable_email_domains import blocklist
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from dragoman.foundation.clients import client_of
from dragoman.foundation.errors import DragomanError
from dragoman.readers.actions import tell_gone
from dragoman.readers.effort import BITS, FormTooOld, check_effort, new_challenge, use_up
from dragoman.readers.errors import BadNickname, NicknameTaken, ThrowawayAddress
from dragoman.readers.models import Reader
from dragoman.readers.postman import sent_beside
from dragoman.readers.queries import nickname_is_taken
from dragoman.readers.rules import checked_nickname


class EffortSignupForm(SignupForm):
    """allauth's, with a little work for the browser: see :mod:`dragoman.readers.effort`."""

    challenge = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    proof = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["challenge"].initial = new_challenge()
        self.fields["challenge"].widget.attrs["data-bits"] = BITS

    def clean(self) -> Any:
        """Whether the work was done; asked last, so that nobody waits twice for a slip in another field."""
        cleaned = super().clean()
        if settings.DRAGOMAN.has_limits and not self.errors:
            told = self.cleaned_data
            try:
                check_effort(told.get("challenge", ""), told.get("proof", ""))
                if not use_up(told["challenge"]):
                    raise FormTooOld
            except DragomanError as error:
                raise ValidationError(str(error), code=error.code) from error
        return cleaned


class AccountAdapter(DefaultAccountAdapter):
    """What allauth asks us."""

    def clean_username(self, username: str, shallow: bool = False) -> str:  # noqa: FBT001, FBT002
        """Our rules for nicknames instead of Django's for user names."""
        try:
            name = checked_nickname(username)
            if not shallow and nickname_is_taken(name):
                raise NicknameTaken
        except BadNickname as error:
            raise ValidationError(str(error), code=error.code) from error
        return name

    def clean_email(self, email: str) -> str:
        """No addresses that are thrown away after an hour, unless the operator takes them."""
        domain = email.rpartition("@")[2].lower()
        parts = domain.split(".")
        names = {".".join(parts[at:]) for at in range(len(parts) - 1)}
        if names & blocklist and not settings.DRAGOMAN.takes_throwaway_addresses:
            raise ValidationError(str(ThrowawayAddress()), code=ThrowawayAddress.code)
        return str(super().clean_email(email))

    def populate_username(self, request: HttpRequest, user: Reader) -> None:
        """A nickname is never made up for anyone."""
        user.rename(user.nickname)

    def save_user(self, request: HttpRequest, user: Reader, form: Any, commit: bool = True) -> Reader:  # noqa: FBT001, FBT002
        """Store the account with the keys of its nickname and the language it was made in."""
        saved: Reader = super().save_user(request, user, form, commit=False)
        saved.rename(form.cleaned_data["username"])
        saved.edition = str(getattr(request, "edition", ""))
        if commit:
            saved.save()
        return saved

    def render_mail(self, template_prefix: str, email: Any, context: Any, headers: Any = None) -> EmailMessage:
        """A mail that is sent beside the request."""
        return sent_beside(super().render_mail(template_prefix, email, context, headers))

    def logout(self, request: HttpRequest) -> None:
        """Whoever signs out is gone at once, for everybody to see."""
        if request.user.is_authenticated:
            tell_gone(request.user.pk)
        super().logout(request)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Limits count the client, not a proxy of ours."""
        return client_of(request.META) or "unknown"

    def is_safe_url(self, url: str | None) -> bool:
        """Only addresses of this host may follow a sign-in."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts={self.request.get_host()})
