"""django-allauth fitted to our accounts: nicknames, addresses in the reader's language, e-mail."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from dragoman.foundation.clients import client_address
from dragoman.readers.actions import tell_gone
from dragoman.readers.errors import BadNickname, NicknameTaken
from dragoman.readers.models import Reader
from dragoman.readers.queries import nickname_is_taken
from dragoman.readers.rules import checked_nickname


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

    def logout(self, request: HttpRequest) -> None:
        """Whoever signs out is gone at once, for everybody to see."""
        if request.user.is_authenticated:
            tell_gone(request.user.pk)
        super().logout(request)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Limits count the client, not a proxy of ours."""
        peer, told = request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", "")
        return client_address(peer, told, settings.DRAGOMAN.proxies) or "unknown"

    def is_safe_url(self, url: str | None) -> bool:
        """Only addresses of this host may follow a sign-in."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts={self.request.get_host()})
