"""What is shipped for production holds no secret and names images that are still made."""

from __future__ import annotations

import re
from pathlib import Path

from runner.temporal_server import POLLED, POLLS_PER_SECOND, RETENTION, SEARCH_ATTRIBUTES

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
NAMESPACE_JOB = (ROOT / "deploy" / "temporal-namespace.sh").read_text(encoding="utf-8")


def test_every_secret_comes_from_the_environment_and_must_be_given() -> None:
    secret = re.compile(r"^\s+\w*(?:PASSWORD|PWD|SECRET)\w*: (.+)$", re.MULTILINE)
    values = secret.findall(COMPOSE)
    assert len(values) == 7
    assert [value for value in values if not re.fullmatch(r"\$\{\w+:\?\}", value)] == []


def test_images_are_current_and_have_a_version() -> None:
    images = re.findall(r"^\s+image: (.+)$", COMPOSE, re.MULTILINE)
    assert "auto-setup" not in COMPOSE
    assert [image for image in images if ":" not in image] == []
    assert any(image.startswith("temporalio/server:") for image in images)


def test_the_engine_has_its_shards_from_the_first_start() -> None:
    assert 'NUM_HISTORY_SHARDS: "512"' in COMPOSE


def test_production_prepares_the_engine_as_the_shipped_server_does() -> None:
    assert f"for name in {' '.join(SEARCH_ATTRIBUTES)}; do" in NAMESPACE_JOB
    assert NAMESPACE_JOB.count(f"--retention {RETENTION.days}d") == 2
    config = (ROOT / "deploy" / "temporal-dynamic-config.yaml").read_text(encoding="utf-8")
    for queue in POLLED:
        assert f"history.{queue}ProcessorMaxPollRPS:\n  - value: {POLLS_PER_SECOND}\n" in config


def test_the_image_does_not_run_as_root() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^USER corploan$", dockerfile, re.MULTILINE)
    assert "--require-hashes" in dockerfile
