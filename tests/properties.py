"""How many examples a property is tried with, and whether they are the same ones every time."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

PROFILE = "corploan"
TIMES = int(os.environ.get("CORPLOAN_EXAMPLES", "1"))
"""The suite repeats the same examples. With more than once as many they are new at every run."""

# Tests hold no timings: an example on a loaded machine may take what it takes.
settings.register_profile(
    PROFILE,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=100 * TIMES,
    derandomize=TIMES == 1,
    print_blob=True,
)

if TIMES == 1:
    # Hypothesis also tries the numbers it reads in the code that is loaded: then a constant in
    # another module, or which tests ran before, would choose other examples.
    providers._get_local_constants = lambda: providers._local_constants


def examples(count: int) -> settings:
    """A property that is tried with another number of examples than the usual hundred."""
    return settings(max_examples=count * TIMES)
