"""What a migration may do while nodes of the version before go on serving (docs/operate/upgrade.md)."""

import ast
import re

import pytest

from tests.clusters import ROOT

# Those of the first version: there is nothing before it that could go on serving.
_FIRST = {
    "conversation": 5,
    "live": 2,
    "moderation": 1,
    "notifications": 1,
    "publication": 1,
    "readers": 3,
    "search": 2,
    "translation": 2,
}
_EXPANDS = {
    "AddConstraint", "AddField", "AddIndex", "AddIndexConcurrently", "AlterModelManagers", "AlterModelOptions",
    "CreateModel", "RemoveConstraint", "RemoveIndex", "RemoveIndexConcurrently", "RunPython", "RunSQL",
    "SeparateDatabaseAndState", "ValidateConstraint",
}  # fmt: skip
_CONTRACTS = {"AlterField", "AlterUniqueTogether", "DeleteModel", "RemoveField"}


def faults_of(source: str) -> list[str]:
    """What in a migration would break the version before."""
    tree = ast.parse(source)
    gone = next((one for one in ast.walk(tree) if isinstance(one, ast.Assign) and _names(one) == ["GONE_SINCE"]), None)
    widens = any(isinstance(one, ast.Assign) and _names(one) == ["WIDENS"] for one in ast.walk(tree))
    found = []
    for call in (one for one in ast.walk(tree) if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)):
        assert isinstance(call.func, ast.Attribute)
        name = call.func.attr
        if not re.fullmatch(r"(Add|Alter|Create|Delete|Remove|Rename|Run)[A-Z]\w+", name) or name in _EXPANDS:
            found += _bad_field(call) if name == "AddField" else []
        elif not (name in _CONTRACTS and gone is not None) and not (name == "AlterField" and widens):
            found.append(name)
    return found


def _names(assign: ast.Assign) -> list[str]:
    return [one.id for one in assign.targets if isinstance(one, ast.Name)]


def _bad_field(call: ast.Call) -> list[str]:
    """The version before does not fill a new column: it must be empty or the database must fill it."""
    field = next((one.value for one in call.keywords if one.arg == "field"), None)
    named = {one.arg: one.value for one in field.keywords} if isinstance(field, ast.Call) else {}
    null = named.get("null")
    may_be_empty = isinstance(null, ast.Constant) and null.value is True
    return [] if may_be_empty or "db_default" in named else ["AddField that is neither null nor has a db_default"]


def test_no_migration_after_the_first_version_breaks_the_one_before() -> None:
    paths = sorted((ROOT / "dragoman").glob("*/migrations/0*.py"))
    assert len(paths) >= sum(_FIRST.values())
    later = [path for path in paths if int(path.name[:4]) > _FIRST.get(path.parent.parent.name, 0)]
    assert {str(path): faults for path in later if (faults := faults_of(path.read_text()))} == {}


@pytest.mark.parametrize(
    ("operation", "faults"),
    [
        ("migrations.AddField('a', 'b', field=models.TextField(null=True))", []),
        ("migrations.AddField('a', 'b', field=models.TextField(db_default=''))", []),
        (
            "migrations.AddField('a', 'b', field=models.TextField(default=''))",
            ["AddField that is neither null nor has a db_default"],
        ),
        ("migrations.AddIndex('a', index=None)", []),
        ("migrations.RenameField('a', 'b', 'c')", ["RenameField"]),
        ("migrations.RemoveField('a', 'b')", ["RemoveField"]),
    ],
)
def test_what_would_break_it_is_found(operation: str, faults: list[str]) -> None:
    assert faults_of(f"operations = [{operation}]") == faults


def test_a_column_that_takes_more_than_before_says_so() -> None:
    operation = 'operations = [migrations.AlterField("a", "b", field=models.TextField(null=True))]'
    assert faults_of(operation) == ["AlterField"]
    assert faults_of(f'WIDENS = "it may be empty"\n{operation}') == []


def test_what_nothing_has_used_for_a_version_may_go() -> None:
    assert faults_of('GONE_SINCE = "0.2.0"\noperations = [migrations.RemoveField("a", "b")]') == []
