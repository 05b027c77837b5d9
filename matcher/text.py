"""The one text of a job and of a profile: every encoder and index reads it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

TEXT_LIMIT = 20_000
WORD = re.compile(r"[^\W_]+[+#]*")
HUMP = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


def job_text(
    title: str | None,
    description: str | None,
    *,
    category: str | None = None,
    skills: Iterable[str] = (),
) -> str:
    r"""What a job says: category, title, description and skills, at most `TEXT_LIMIT` long.

    >>> job_text("Fix checkout", None, category="Web", skills=("php",))
    'Web: Fix checkout\nSkills: php'
    """
    head = f"{category}: {title or ''}" if category else title or ""
    return _joined(head, description, skills)


def profile_text(title: str | None, overview: str | None, *, skills: Iterable[str] = ()) -> str:
    r"""What freelancers say of themselves; empty where they say nothing.

    >>> profile_text("Illustrator", "Ink and watercolour.")
    'Illustrator\nInk and watercolour.'
    """
    return _joined(title or "", overview, skills)


def overview_in(text: str, title: str | None, *, lists_skills: bool) -> str | None:
    r"""The overview that a profile's text was made of; None where there was none.

    >>> overview_in("Illustrator\nInk.\nSkills: ink", "Illustrator", lists_skills=True)
    'Ink.'
    """
    head = title or ""
    body = "\n" + text[len(head) + 1 :] if head.strip() else f"\n{text}"
    if lists_skills:
        before, mark, _ = body.rpartition("\nSkills: ")
        body = before if mark else body  # a text that was cut has lost the list
    return body[1:] or None


def terms(text: str) -> list[str]:
    """Words in lower case, in order; a compound also gives its parts.

    >>> terms("WooCommerce in C++, naïve")
    ['woocommerce', 'woo', 'commerce', 'in', 'c++', 'naïve']
    """
    found: list[str] = []
    for word in WORD.findall(unicodedata.normalize("NFKC", text)):
        found.append(word.casefold())
        parts = HUMP.findall(word) if word.isascii() else []
        if len(parts) > 1:
            found.extend(part.casefold() for part in parts)
    return found


def _joined(head: str, body: str | None, skills: Iterable[str]) -> str:
    listed = ", ".join(skills)
    lines = (head, body or "", f"Skills: {listed}" if listed else "")
    return "\n".join(line for line in lines if line.strip())[:TEXT_LIMIT]
