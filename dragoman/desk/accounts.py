"""Accounts, in the place of Wagtail's own screens for them.

Those know neither roles nor what hangs on a nickname. Everything is saved by
the readers' own actions, whose reasons stand at the fields.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic.edit import FormMixin
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.users.views.users import CreateView, EditView, IndexView, UserViewSet

from dragoman.desk.access import actor_of_request
from dragoman.foundation.errors import DragomanError
from dragoman.readers.actions import create_reader
from dragoman.readers.administering import Account, account_of, change_account
from dragoman.readers.errors import BadNickname, EmailTaken, OwnRights
from dragoman.readers.policies import Actor
from dragoman.readers.rules import LONGEST

ROLES = {
    "author": _("Author: writes articles"),
    "editor": _("Editor: writes and publishes articles, translates, reads held comments"),
    "translator": _("Translator: mends translations, keeps the glossary"),
    "moderator": _("Moderator: releases and removes comments, makes the rules"),
    "administrator": _("Administrator: may do everything"),
}
_FIELDS: dict[type[DragomanError], str] = {BadNickname: "nickname", EmailTaken: "email", OwnRights: "roles"}


class _Form(forms.Form):
    """What Wagtail's screens need of a form: an ``instance`` and `save`."""

    nickname = forms.CharField(label=_("Nickname"), max_length=LONGEST)
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Counts as verified. Without one nobody can sign in to the account."),
    )
    real_name = forms.CharField(label=_("Real name"), max_length=80, required=False)
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=list(ROLES.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_verified = forms.BooleanField(
        label=_("Verified"),
        required=False,
        help_text=_("The newsroom knows who this is: a badge stands beside the name."),
    )

    def __init__(self, *words: Any, actor: Actor, instance: Any = None, **named: Any) -> None:
        super().__init__(*words, **named)
        self.actor = actor
        self.instance = instance

    def account(self) -> Account:
        """What was filled in."""
        said = {name: value for name, value in self.cleaned_data.items() if name in Account.__dataclass_fields__}
        return Account(**{**said, "roles": frozenset(said["roles"])})


class NewAccountForm(_Form):
    """With a password, which may be left out: its owner asks for one by mail then."""

    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("May be left empty: the owner can ask for one by e-mail."),
    )

    def clean_password(self) -> str:
        """As good as readers' own must be."""
        password: str = self.cleaned_data["password"]
        if password:
            named = {name: self.cleaned_data.get(name) for name in ("nickname", "email", "real_name")}
            validate_password(password, get_user_model()(**named))
        return password

    def save(self) -> Any:
        """The new account."""
        account = self.account()
        self.instance = create_reader(
            nickname=account.nickname, email=account.email, password=self.cleaned_data["password"] or None
        )
        change_account(actor=self.actor, reader_id=self.instance.pk, account=account)
        return self.instance


class AccountForm(_Form):
    """Of an account that exists."""

    is_active = forms.BooleanField(
        label=_("Open"),
        required=False,
        help_text=_("Nobody can sign in to an account that is not open. Its comments stay."),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *words: Any, **named: Any) -> None:
        super().__init__(*words, **named)
        shown = account_of(self.instance)
        self.initial = {**asdict(shown), "roles": sorted(shown.roles), "seen": shown.token}

    def save(self) -> Any:
        """The account as it is now."""
        change_account(
            actor=self.actor,
            reader_id=self.instance.pk,
            account=self.account(),
            seen=self.cleaned_data["seen"],
        )
        self.instance.refresh_from_db()
        return self.instance


class _Refusing(FormMixin[_Form]):
    """The action may refuse what the form allows: its reason stands at the field."""

    get_error_message: Callable[[], str]  # Wagtail's: that the form has errors
    produced_error_message: str
    request: HttpRequest

    def get_form_kwargs(self) -> dict[str, Any]:
        named = super().get_form_kwargs()
        named.pop("editing_self", None)  # Wagtail's own form knows it
        return {**named, "actor": actor_of_request(self.request)}

    def form_valid(self, form: _Form) -> HttpResponse:
        try:
            return super().form_valid(form)
        except DragomanError as error:
            field = next((name for kind, name in _FIELDS.items() if isinstance(error, kind)), None)
            form.add_error(field, str(error))
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)


class _NewView(_Refusing, CreateView):
    """Of an account that does not exist yet."""


class _EditView(_Refusing, EditView):
    """Of one that does."""

    def setup(self, *words: Any, **named: Any) -> None:
        """Wagtail asks whether one is a superuser, and nobody else."""
        super().setup(*words, **named)
        self.can_delete = False


class _ListView(IndexView):
    """Without Wagtail's acts upon many at once, which know nothing of roles."""

    search_fields = ("nickname", "email", "real_name")

    def get_base_queryset(self) -> QuerySet[Any]:
        """With the roles of all that stand in the list."""
        readers: QuerySet[Any] = super().get_base_queryset().prefetch_related("grants")
        return readers

    @cached_property
    def columns(self) -> list[Column]:
        """Roles in the place of Wagtail's “access level”."""
        left_out = ("bulk_actions", "is_superuser")
        roles = Column("roles", accessor=_roles_in_words, label=_("Roles"))
        return [*(column for column in super().columns if column.name not in left_out), roles]


def _roles_in_words(reader: Any) -> str:
    names = {grant.role for grant in reader.grants.all()} | ({"administrator"} if reader.is_superuser else set())
    return ", ".join(str(ROLES[name]).partition(":")[0].strip() for name in ROLES if name in names)


class AdministratorsOnly(ModelPermissionPolicy):
    """Nobody's account is deleted here: comments hang on it."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the user may ``add``, ``change`` or ``view``."""
        # An administrator is one by this flag alone (see `grant_role`), and a list asks three times for each line.
        return bool(action != "delete" and user.is_active and user.is_superuser)


class AccountViewSet(UserViewSet):
    """The screens at ``/admin/users/``."""

    index_view_class = _ListView
    add_view_class = _NewView
    edit_view_class = _EditView
    copy_view_enabled = False
    template_prefix = "desk/accounts/"  # there are none: the general ones show every field of the form

    def get_form_class(self, *, for_update: bool = False) -> type[_Form]:
        """One for a new account, one for what exists."""
        return AccountForm if for_update else NewAccountForm


@hooks.register("before_bulk_action")
def refuse_many(request: HttpRequest, action_type: str, objects: Any, action: Any) -> HttpResponse | None:
    """Wagtail's acts upon many accounts are not offered; one may still type their address."""
    if action.model is not get_user_model():
        return None
    messages.error(request, gettext("Change accounts one by one."))
    return redirect("wagtailusers_users:index")
