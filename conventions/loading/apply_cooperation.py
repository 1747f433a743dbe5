"""Applying the posts of cooperation of a file: employers, and how each post is shared out."""

from typing import Any

from conventions.loading.matching import FilePart, pair, unmatched
from conventions.loading.rows import Rows
from conventions.parties.cooperation import KEPT_RANK, CooperationPost, CooperationShare


def apply_cooperation(rows: Rows, content: dict[str, Any] | list[dict[str, Any]] | None) -> None:
    """Write the posts of a file: one, a list, or none. A post is matched by title and employer,
    then by one of them, then by place. Posts that the file has no more are deleted, or kept where
    others depend on them. Organisations are written before."""
    wanted = [content] if isinstance(content, dict) else content or []
    items = [
        FilePart(place=(), title=post.get("intitule", ""), rank=rank,
                 mark=post.get("employeur", ""), values=post)
        for rank, post in enumerate(wanted, start=1)
    ]  # fmt: skip
    known = list(CooperationPost.objects.of(rows.convention).with_parts())
    pair(items, known, lambda item: _name_of(item.title, item.mark), _row_name)
    pair(items, known, lambda item: item.title or None, lambda row: row.title or None, once=True)
    pair(items, known, lambda item: item.mark or None, _employer_of, once=True)
    pair(items, known, lambda item: item.rank, _original_rank)
    employers = {employer.acronym: employer for employer in rows.convention.organisations.all()}
    for item in items:
        item.row = item.row or CooperationPost(convention=rows.convention)
        rows.write(
            item.row,
            rank=item.rank,
            title=item.title,
            employer=employers[item.mark] if item.mark else None,
            fte=item.values["etp"],
            cost_per_fte=item.values.get("cout_indicatif_etp"),
        )
        _apply_post_shares(rows, item)
    for post in unmatched(items, known):
        rows.delete_or_keep(post, along=(CooperationShare,))


def _row_name(row: CooperationPost) -> tuple[str, str] | None:
    """Return title and employer's acronym; None where the post has neither."""
    return _name_of(row.title, _employer_of(row) or "")


def _name_of(title: str, employer: str) -> tuple[str, str] | None:
    return (title, employer) if title or employer else None


def _employer_of(row: CooperationPost) -> str | None:
    """Return the acronym of the post's employer, or None."""
    return row.employer.acronym if row.employer else None


def _original_rank(row: CooperationPost) -> int | None:
    """Return the rank that a post has, or had, in the text; None for a named one that left it."""
    if row.is_in_text:
        return row.rank
    return None if _row_name(row) else row.rank - KEPT_RANK


def _apply_post_shares(rows: Rows, item: FilePart) -> None:
    """Write the shares of a post, matched by rank; delete, or keep, those left over."""
    known = {share.rank: share for share in item.row.shares.all()} if item.row.pk else {}
    for rank, share in enumerate(item.values["repartition"], start=1):
        rows.write(
            known.pop(rank, None) or CooperationShare(post=item.row, rank=rank),
            domain=share["domaine"],
            fte=share["etp"],
        )
    for share in known.values():
        rows.delete_or_keep(share)
