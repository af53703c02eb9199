"""What goes out, and what a way out must be able to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class Parcel:
    """A message as it leaves: the number or paper and the kind of event, never a place, a text or a name.

    `id` is the same at every try, so that a receiver can tell a repetition from news. A system gets the `facts`, signed
    with its `secret` at the time `at`.
    """

    id: UUID
    address: str
    title: str
    hint: str
    url: str
    at: datetime
    secret: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


Send = Callable[[Parcel], None]


class Adapter(Protocol):
    """`open` signs in once for a knock; both it and what it gives may raise a DeliveryFailed."""

    def is_on(self) -> bool: ...

    def open(self) -> AbstractContextManager[Send]: ...
