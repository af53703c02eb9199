import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet():
    """The counters of requests outlive a test; each begins with none."""
    cache.clear()
