"""Rights that make their holder administrator of a member server sooner or later, and who holds them as shipped.

Sources: DISA Windows Server 2022 STIG V2R8 (WN22-UR-*), CIS Windows Server 2022 v3.0.0 chapter 2.2, and Microsoft Learn, User Rights
Assignment (default values), 2026-11-22.
"""

from dataclasses import dataclass
from typing import Final

from snapshot_tool.knowledge.sids import ADMINISTRATORS, LOCAL_SERVICE, LOCAL_SYSTEM, NETWORK_SERVICE, SERVICE

BACKUP_OPERATORS: Final = "S-1-5-32-551"
IIS_USERS: Final = "S-1-5-32-568"
SERVICE_ACCOUNTS: Final = ("S-1-5-80-", "S-1-5-82-")
"""Prefixes of the accounts of services and of application pools."""
RESTRICTED_SERVICES: Final = "S-1-5-99-"
"""Prefix of the restricted services of Windows (MS-DTYP 2.4.2.4). Which of them hold a right as shipped is not verified: none is told."""


@dataclass(frozen=True, slots=True)
class PowerfulRight:
    """Usual holders as SIDs and prefixes of SIDs; `decisive`: the right alone makes its holder administrator."""

    holders: frozenset[str]
    prefixes: tuple[str, ...] = ()
    decisive: bool = False

    def is_usual(self, sid: str) -> bool:
        """Whether the account may hold the right; SYSTEM holds every right anyway."""
        return sid in self.holders or sid == LOCAL_SYSTEM or sid.startswith(self.prefixes)


_ADMINISTRATORS = frozenset({ADMINISTRATORS})
_OPERATORS = frozenset({ADMINISTRATORS, BACKUP_OPERATORS})
_SERVICES = frozenset({LOCAL_SERVICE, NETWORK_SERVICE})
_NOBODY: frozenset[str] = frozenset()

POWERFUL_RIGHTS: Final = {
    right.casefold(): found
    for right, found in {
        "SeAssignPrimaryTokenPrivilege": PowerfulRight(_SERVICES, SERVICE_ACCOUNTS),
        "SeBackupPrivilege": PowerfulRight(_OPERATORS),
        "SeCreateTokenPrivilege": PowerfulRight(_NOBODY, decisive=True),
        "SeDebugPrivilege": PowerfulRight(_ADMINISTRATORS, decisive=True),
        "SeEnableDelegationPrivilege": PowerfulRight(_NOBODY, decisive=True),
        "SeImpersonatePrivilege": PowerfulRight(
            _ADMINISTRATORS | _SERVICES | {SERVICE, IIS_USERS}, (*SERVICE_ACCOUNTS, RESTRICTED_SERVICES)
        ),
        "SeLoadDriverPrivilege": PowerfulRight(_ADMINISTRATORS, decisive=True),
        "SeManageVolumePrivilege": PowerfulRight(_ADMINISTRATORS),
        "SeRestorePrivilege": PowerfulRight(_OPERATORS),
        "SeSecurityPrivilege": PowerfulRight(_ADMINISTRATORS),
        "SeSystemEnvironmentPrivilege": PowerfulRight(_ADMINISTRATORS),
        "SeTakeOwnershipPrivilege": PowerfulRight(_ADMINISTRATORS, decisive=True),
        "SeTcbPrivilege": PowerfulRight(_NOBODY, decisive=True),
    }.items()
}
