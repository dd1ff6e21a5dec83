"""The line that ends an article is known by what it says."""

import pytest

from dragoman.interchange.signin import LINES, is_sign_in_line


@pytest.mark.parametrize("language", sorted(LINES))
def test_each_languages_own_line_is_known_everywhere(language: str) -> None:
    assert is_sign_in_line(LINES[language], language)
    assert is_sign_in_line(f"  {LINES[language].upper()} ", "en")


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("Please log in to leave a comment.", "en-GB"),
        ("Para dejar un comentario hay que identificarse.", "es"),
        ("Connectez-vous pour laisser un commentaire.", "fr"),
        ("Cal identificar-se per fer un comentari.", "ca"),
        ("يرجى تسجيل الدخول لكتابة تعليق", "ar"),
        ("Чтобы оставить комментарий, нужно войти.", "ru"),
        ("Zum Kommentar bitte anmelden.", "de"),
        ("Accedi per lasciare un commento.", "it"),
        ("Para escrever um comentário, faça login.", "pt-BR"),
    ],
)
def test_other_words_for_it_are_known_in_the_pages_language(line: str, language: str) -> None:
    assert is_sign_in_line(line, language)


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("", "en"),
        ("The lamps are green.", "en"),
        ("I have a comment.", "en"),
        ("You must sign in to the hall.", "en"),
        ("Zum Kommentar bitte anmelden.", "en"),
        ("Please log in to leave a comment. " * 6, "en"),
        ("Please log in to leave a comment.", "eu"),
    ],
)
def test_an_ordinary_line_ends_no_article(line: str, language: str) -> None:
    assert not is_sign_in_line(line, language)
