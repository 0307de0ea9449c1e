"""The staff of the demo book: everybody the road needs, each under a known sign-in.

Their ids are fixed, so that the sign-in page knows a demo book from a real one: a real account
gets an id by chance and is never taken for one of these, whatever its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.people import Role

DEMO_PASSWORD = "corploan-demo-2026"  # noqa: S105 - shown on the sign-in page of a demo book
_NAMESPACE = uuid5(NAMESPACE_URL, "corploan:demo-staff")


@dataclass(frozen=True, slots=True)
class DemoMember:
    """One account of the demo book."""

    username: str
    name_zh: str
    name_en: str
    roles: tuple[Role, ...]

    @property
    def staff_id(self) -> UUID:
        """The account's fixed id, and its person's."""
        return uuid5(_NAMESPACE, self.username)


DEMO_STAFF: tuple[DemoMember, ...] = (
    DemoMember("wanglei", "王磊", "Wang Lei", (Role.CUSTOMER_MANAGER,)),
    DemoMember("zhaomin", "赵敏", "Zhao Min", (Role.CUSTOMER_MANAGER,)),
    DemoMember("liqiang", "李强", "Li Qiang", (Role.REVIEWER,)),
    DemoMember("chenjing", "陈静", "Chen Jing", (Role.RISK_OFFICER,)),
    DemoMember("zhangwei", "张伟", "Zhang Wei", (Role.APPROVER,)),
    DemoMember("liuyang", "刘洋", "Liu Yang", (Role.OPERATIONS,)),
    DemoMember("sunli", "孙丽", "Sun Li", (Role.OPERATIONS,)),
    DemoMember("zhoutao", "周涛", "Zhou Tao", (Role.AUDITOR,)),
    DemoMember("admin", "管理员", "Administrator", (Role.ADMINISTRATOR,)),
)
