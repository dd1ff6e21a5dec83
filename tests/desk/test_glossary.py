"""The glossary in the desk."""

import pytest
from django.test import Client

from dragoman.translation.models import GlossaryTerm
from tests.conftest import MakeActor, Script, Work, account_of
from tests.desk.conftest import BACKEND
from tests.translation.test_glossary import FERRY, text

TYPED = {
    "source": "en",
    "target": "es",
    "treatment": "fixed",
    "words": "ferry = transbordador\nferries = transbordadores",
    "section": "",
    "priority": "0",
    "note": "The town's own.",
    "changed": "0",
}


@pytest.fixture
def thea(client: Client, make_actor: MakeActor, section: object) -> Client:
    """A translator at the desk."""
    client.force_login(account_of(make_actor("Thea", "translator")), backend=BACKEND)
    return client


def test_a_term_is_made_changed_and_deleted(thea: Client) -> None:
    assert "There is no such term." in thea.get("/admin/glossary/").content.decode()
    assert thea.post("/admin/glossary/new/", TYPED).status_code == 302
    row = GlossaryTerm.objects.get()
    assert row.forms == [["ferry", "transbordador"], ["ferries", "transbordadores"]]
    html = thea.get("/admin/glossary/?into=es&q=ferr").content.decode()
    assert "transbordador" in html
    assert "Thea" in html
    page = thea.get(f"/admin/glossary/{row.pk}/").content.decode()
    assert "ferries = transbordadores" in page
    changed = thea.get(f"/admin/glossary/{row.pk}/").context["known"].changed
    told = {**TYPED, "words": "ferry = barco", "changed": str(changed)}
    assert thea.post(f"/admin/glossary/{row.pk}/", told).status_code == 302
    late = thea.post(f"/admin/glossary/{row.pk}/", told | {"words": "ferry = lancha"})
    assert late.status_code == 409
    assert "ferry = barco" in late.content.decode()
    assert "ferry = lancha" in late.content.decode()
    newest = late.context["form"]["changed"].value()
    again = thea.post(f"/admin/glossary/{row.pk}/", told | {"words": "ferry = lancha", "changed": newest})
    assert again.status_code == 302
    changed = thea.get(f"/admin/glossary/{row.pk}/").context["known"].changed
    assert thea.post(f"/admin/glossary/{row.pk}/", {"act": "delete", "changed": str(changed)}).status_code == 302
    assert not GlossaryTerm.objects.exists()


def test_a_change_is_tried_out_before_it_is_made(thea: Client, engine: Script, work: Work) -> None:
    engine(answers={f"es|{FERRY}": "El ferri sale hoy a mediodía."})
    text(FERRY)
    work()
    html = thea.post("/admin/glossary/new/", {**TYPED, "act": "try"}).content.decode()
    assert "1 sentence would be translated anew." in html
    assert FERRY in html
    assert "ferries = transbordadores" in html
    assert not GlossaryTerm.objects.exists()


def test_a_contradiction_names_both_rows_and_keeps_what_was_typed(thea: Client) -> None:
    thea.post("/admin/glossary/new/", TYPED)
    answer = thea.post("/admin/glossary/new/", {**TYPED, "words": "Ferry = barco"})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "ferry = transbordador, ferries = transbordadores" in html
    assert html.count("Ferry = barco") >= 2


@pytest.mark.parametrize(
    ("field", "value"), [("words", ""), ("source", "xx"), ("priority", "high"), ("section", "9999"), ("treatment", "")]
)
def test_what_is_missing_or_wrong_is_said_beside_its_field(thea: Client, field: str, value: str) -> None:
    answer = thea.post("/admin/glossary/new/", {**TYPED, field: value})
    assert answer.status_code == 422
    assert "error-message" in answer.content.decode()
    assert not GlossaryTerm.objects.exists()


def test_a_term_that_is_gone_leads_back_to_the_list(thea: Client) -> None:
    answer = thea.get("/admin/glossary/77/", follow=True)
    assert "This term is not in the glossary any more." in answer.content.decode()


def test_authors_have_no_glossary(client: Client, make_actor: MakeActor, section: object) -> None:
    client.force_login(account_of(make_actor("Al", "author")), backend=BACKEND)
    assert client.get("/admin/glossary/").status_code == 302
    assert client.post("/admin/glossary/new/", TYPED).status_code == 302
    assert not GlossaryTerm.objects.exists()
