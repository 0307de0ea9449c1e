"""Where the bytes of documents lie: written once under their own hash, never changed."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, ObjectStore, from_url


class DocumentStore:
    """A folder of this machine, or an object store by its URL (s3://bucket/prefix)."""

    def __init__(self, url_or_path: str | Path) -> None:
        self._store = _open(url_or_path)

    async def put(self, content: bytes) -> str:
        """Keep the bytes; returns their SHA-256 in hex, which is their name from now on."""
        sha256 = await asyncio.to_thread(_sha256, content)
        try:
            await obstore.put_async(self._store, _key(sha256), content, mode="create")
        except AlreadyExistsError:
            return sha256  # the same bytes lie there already
        return sha256

    async def get(self, sha256: str) -> bytes:
        """The bytes of a hash. Raises FileNotFoundError, or ValueError when they have changed."""
        answer = await obstore.get_async(self._store, _key(sha256))
        content = bytes(await answer.bytes_async())
        if await asyncio.to_thread(_sha256, content) != sha256:
            raise ValueError("a stored document no longer matches its hash")
        return content


def _open(url_or_path: str | Path) -> ObjectStore:
    if isinstance(url_or_path, str) and "://" in url_or_path:
        return from_url(url_or_path)
    return LocalStore(Path(url_or_path).absolute(), mkdir=True)


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
