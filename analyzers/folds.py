"""Findings that say the same to people: child -> its parents with the scope in which the parent speaks for it.

Applied after judging, only where the parent failed with at least the child's severity: on the same subject (`subject`), from the
same cause that both name (`shared`), or anywhere on the host (`host`). A folded result stays in the JSON report, marked.
"""

from collections.abc import Mapping

FOLDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "HV-ACCT-007": (("HV-ACCT-006", "subject"),),
    "HV-ACCT-026": (("HV-ACCT-024", "subject"),),
    "HV-ACL-001": (("HV-ACL-014", "host"),),
    "HV-ACL-007": (("HV-ACL-001", "subject"), ("HV-ACL-003", "subject"), ("HV-ACL-003", "shared")),
    "HV-ACL-008": (("HV-ACL-007", "subject"), ("HV-ACL-003", "shared")),
    "HV-ACL-009": (("HV-ACL-014", "host"),),
    "HV-ACL-012": (("HV-ACL-011", "subject"),),
    "HV-AUD-007": (("HV-AUD-003", "subject"),),
    "HV-AV-002": (("HV-AV-007", "host"),),
    "HV-AV-003": (("HV-AV-007", "host"),),
    "HV-AV-005": (("HV-AV-007", "host"),),
    "HV-BL-002": (("HV-BL-001", "host"),),
    "HV-FW-001": (("HV-FW-003", "host"),),
    "HV-FW-006": (("HV-FW-005", "host"),),
    "HV-FW-007": (("HV-FW-005", "host"), ("HV-FW-006", "host"), ("HV-FW-009", "host")),
    "HV-FW-009": (("HV-FW-005", "host"), ("HV-FW-006", "host")),
    "HV-FW-025": (("HV-FW-010", "subject"), ("HV-FW-011", "subject"), ("HV-FW-012", "subject")),
    "HV-MIG-001": (("HV-MIG-002", "host"),),
    "HV-NET-003": (("HV-NET-002", "host"),),
    "HV-SMB-009": (("HV-ACL-011", "subject"),),
    "HV-STOR-004": (("HV-STOR-003", "subject"),),
    "HV-STOR-014": (("HV-STOR-015", "subject"), ("HV-STOR-016", "subject")),
    "HV-SVC-012": (("HV-SVC-004", "subject"),),
    "HV-VM-016": (("HV-VM-014", "subject"),),
    "HV-VMSEC-004": (("HV-MIG-006", "host"),),
}
