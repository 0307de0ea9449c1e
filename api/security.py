"""Who may use the JSON door, and whether a provider's callback is the provider's."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from domain.people import Act
from doorway.admission import Admission, refuse_without_act
from doorway.csrf import SAFE_METHODS
from doorway.refusals import NotSignedIn
from doorway.sessions import Person, bearer_token, cookie_token, person_of_token

SIGNATURE_HEADER = "x-corploan-signature"
TOLERANCE_SECONDS = 300
_SIGNATURE = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")


@dataclass(frozen=True)
class ApiNeeds(Admission):
    """Admits whoever sends a bearer token and may do one of `acts`.

    A browser sends its cookie also when a foreign page asks, so cookies only ever read.
    """

    acts: tuple[Act, ...]

    async def __call__(self, request: Request) -> Person:
        token = bearer_token(request)
        if token is None and request.method in SAFE_METHODS:
            token = cookie_token(request)
        person = await person_of_token(request, token)
        if person is None:
            raise NotSignedIn
        await refuse_without_act(request, person, self.acts)
        return person


Caller = Annotated[Person, Depends(ApiNeeds(()))]


def api_needs(*acts: Act) -> ApiNeeds:
    """Admit whoever may do any of the acts; without an act, whoever is signed in."""
    return ApiNeeds(acts)


def signature_holds(key: bytes, raw: bytes, header: str, now: int) -> bool:
    """Whether the holder of the key signed exactly these bytes, within five minutes of now.

    The header is `t=<unix seconds>,v1=<hex HMAC-SHA256(key, t + "." + body)>`.
    """
    shape = _SIGNATURE.fullmatch(header)
    if shape is None or abs(now - int(shape[1])) > TOLERANCE_SECONDS:
        return False
    made = hmac.new(key, shape[1].encode() + b"." + raw, hashlib.sha256).hexdigest()
    # Bytes, because compare_digest raises on text that is not ASCII.
    return hmac.compare_digest(made.encode(), shape[2].encode())
