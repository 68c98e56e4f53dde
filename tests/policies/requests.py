"""Any request, for properties."""

from __future__ import annotations

from doorward.policies.labels import Label
from doorward.policies.requests import Leaf, Request
from doorward.policies.vocabulary import (
    Destination,
    Effect,
    Influence,
    ObjectiveId,
    Origin,
    Release,
    Role,
    StepId,
    Trust,
)
from hypothesis import strategies as st

TEXT = st.text(max_size=8)
LABELS = st.builds(
    Label,
    st.frozensets(TEXT, max_size=3),
    st.sampled_from(Trust),
    st.frozensets(TEXT, max_size=3),
)
LEAVES = st.builds(Leaf, TEXT, st.sampled_from(Role), TEXT, st.sampled_from(Origin), LABELS)
FIELDS = {
    "objective": TEXT.map(ObjectiveId),
    "step": TEXT.map(StepId),
    "tool": TEXT,
    "effect": st.sampled_from(Effect),
    "resource": TEXT,
    "destination": st.builds(Destination, TEXT, TEXT),
    "release": st.sampled_from(Release),
    "label": LABELS,
    "influence": st.sampled_from(Influence),
    "named": st.booleans(),
    "leaves": st.lists(LEAVES, max_size=3).map(tuple),
    "asked": st.booleans(),
    "planned": st.booleans(),
    "used": st.lists(st.tuples(TEXT, st.integers(0, 9)), max_size=2).map(tuple),
    "size": st.integers(0),
    "time": TEXT,
    "day": TEXT,
}
"""How each field of a request may be."""
REQUESTS = st.builds(Request, **FIELDS)
