"""What the operator declares about a host, as values: profile of thresholds, management subnets, owners of VMs, waivers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network


class Profile(StrEnum):
    """Whose thresholds hold where the catalogue gives several."""

    DEFAULT = "default"
    CIS = "CIS"
    STIG = "STIG"


@dataclass(frozen=True, slots=True)
class VMTags:
    """What the operator says of one VM; None where nothing is said."""

    owner: str | None = None
    protection: str | None = None
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Policy:
    """The operator sheet; an empty one declares nothing. `vms` by GUID or name, in lower case."""

    profile: Profile = Profile.DEFAULT
    management_subnets: "tuple[IPv4Network | IPv6Network, ...]" = ()
    vms: Mapping[str, VMTags] = field(default_factory=dict)

    def tags_of(self, vm_id: str, vm_name: str) -> VMTags | None:
        """What is declared of a VM, by its GUID or else its name."""
        return self.vms.get(vm_id.casefold()) or self.vms.get(vm_name.casefold())

    @property
    def owners(self) -> frozenset[str]:
        """The distinct owners that the sheet names."""
        return frozenset(tags.owner for tags in self.vms.values() if tags.owner)

    @property
    def protections(self) -> frozenset[str]:
        """The distinct classes of protection that the sheet names."""
        return frozenset(tags.protection for tags in self.vms.values() if tags.protection)


NO_POLICY = Policy()


@dataclass(frozen=True, slots=True)
class WaiverRule:
    """One accepted finding: of which check and subject, bound to what was observed, by whom, why and until when (inclusive)."""

    check: str
    observed: str
    owner: str
    reason: str
    expires: date
    table: str | None = None
    key: Mapping[str, Any] = field(default_factory=dict)
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """The policy file: what checks read, what is switched off (id -> reason), what is accepted."""

    policy: Policy = NO_POLICY
    off: Mapping[str, str] = field(default_factory=dict)
    waivers: Sequence[WaiverRule] = ()


NO_SETTINGS = Settings()
