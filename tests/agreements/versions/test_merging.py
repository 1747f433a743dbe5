"""Two people who changed one content: nothing that either changed is lost without a word."""

from hypothesis import given
from hypothesis import strategies as st

from agreements.versions.differences import Merge, merge

# Few values, so that both often agree, or change the same.
SIDES = st.fixed_dictionaries(
    {name: st.sampled_from(["", "a", "b", "c"]) for name in ("title", "due_on", "measure")},
    optional={"added": st.sampled_from([None, True, ["x"], ["x", "y"]])},
)


def changed(before: dict, after: dict) -> set[str]:
    return {name for name in {**before, **after} if before.get(name) != after.get(name)}


@given(SIDES, SIDES, SIDES)
def test_the_order_of_merging_changes_conflicting_fields_only(base, first, second):
    there, back = merge(base, first, second), merge(base, second, first)
    assert set(there.conflicts) == set(back.conflicts)
    settled = set(there.content) - set(there.conflicts)
    assert {n: there.content[n] for n in settled} == {n: back.content[n] for n in settled}
    for name in there.conflicts:
        assert (there.content[name], back.content[name]) == (second.get(name), first.get(name))


@given(SIDES, SIDES, SIDES)
def test_a_change_is_either_merged_or_a_conflict(base, theirs, mine):
    merged = merge(base, theirs, mine)
    for name in set(merged.content) - set(merged.conflicts):
        if name in changed(base, mine):
            assert merged.content[name] == mine.get(name)
        if name in changed(base, theirs):
            assert merged.content[name] == theirs.get(name)


@given(SIDES, SIDES, SIDES)
def test_a_field_is_a_conflict_if_both_changed_it_differently(base, theirs, mine):
    both = changed(base, theirs) & changed(base, mine) & changed(theirs, mine)
    merged = merge(base, theirs, mine)
    assert set(merged.conflicts) == both
    assert len(merged.conflicts) == len(both)


@given(SIDES, SIDES, SIDES)
def test_fields_taken_are_those_that_only_they_changed(base, theirs, mine):
    merged = merge(base, theirs, mine)
    assert set(merged.taken) == changed(base, theirs) - changed(base, mine)


@given(SIDES, SIDES)
def test_changes_of_one_side_only_are_merged_whole(base, other):
    assert merge(base, base, other).content == {name: other.get(name) for name in {**base, **other}}
    assert merge(base, other, base).content == {name: other.get(name) for name in {**base, **other}}
    assert merge(base, other, other).conflicts == merge(base, base, other).conflicts == []


def test_children_are_one_field():
    before, theirs, mine = {"parts": [1, 2]}, {"parts": [1, 2, 3]}, {"parts": [0, 1, 2]}
    assert merge(before, theirs, mine) == Merge(mine, conflicts=["parts"])
    assert merge(before, theirs, before) == Merge(theirs, taken=["parts"])


def test_two_first_drafts_conflict_in_all_that_differs():
    first, second = ({"title": title, "measure": "Visites"} for title in ("Un", "Deux"))
    merged = merge({}, first, second)
    assert (merged.content, merged.conflicts) == (second, ["title"])
