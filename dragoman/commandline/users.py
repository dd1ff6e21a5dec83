"""``user``: accounts by the operator's hand."""

import sys
from typing import Annotated

import typer

from dragoman.commandline.shared import DEFAULT_HOME, HomeOption, open_home

_FROM_STDIN = "-"

app = typer.Typer(help="Accounts.", no_args_is_help=True)


@app.callback()
def users() -> None:
    """Accounts."""


@app.command("create")
def create(
    nick: Annotated[str, typer.Argument(help="The nickname.")],
    email: Annotated[str, typer.Option("--email", help="Counts as verified.")] = "",
    password: Annotated[str, typer.Option("--password", help="“-” reads it from standard input.")] = "",
    real_name: Annotated[str, typer.Option("--real-name")] = "",
    role: Annotated[list[str] | None, typer.Option("--role", help="Besides being a reader.")] = None,
    token: Annotated[bool, typer.Option("--token", help="Print an API token alone on the last line.")] = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Create an account."""
    secret = sys.stdin.readline().rstrip("\n") if password == _FROM_STDIN else password
    open_home(home)
    from dragoman.readers import actions

    reader = actions.create_reader(
        nickname=nick, email=email, password=secret or None, real_name=real_name, roles=role or []
    )
    print(f"The account {reader.nickname} was created.")
    if token:
        print(actions.create_token(reader_id=reader.pk))


@app.command("verify")
def verify(
    nick: Annotated[str, typer.Argument(help="The nickname.")],
    revoke: Annotated[bool, typer.Option("--revoke", help="Take the badge back.")] = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Say that the newsroom knows who a reader is: comments bear a badge."""
    open_home(home)
    from dragoman.readers import actions

    actions.verify_reader(nickname=nick, verified=not revoke)
    print(f"The badge of {nick} was taken back." if revoke else f"{nick} has the badge now.")


@app.command("grant")
def grant(
    nick: Annotated[str, typer.Argument(help="The nickname.")],
    role: Annotated[str, typer.Argument(help="One of author, editor, translator, moderator, administrator.")],
    revoke: Annotated[bool, typer.Option("--revoke", help="Take the role back.")] = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Give an account a role, or take it back."""
    open_home(home)
    from dragoman.readers import actions, administering
    from dragoman.readers.queries import id_of

    change = administering.revoke_role if revoke else actions.grant_role
    change(reader_id=id_of(nick), role=role)
    print(f"{nick} is {role} no more." if revoke else f"{nick} is {role} now.")
