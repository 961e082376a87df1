"""Questions of the catalogue that no check answers, each with the reason."""

from collections.abc import Mapping

NOT_SHIPPED: Mapping[str, str] = {
    "HV-AUD-015": "needs the right time at the moment of collection, which neither a snapshot nor the policy file has",
    "HV-AUD-016": "compares two snapshots; what one of them tells is asked by the other checks",
    "HV-AZ-015": "a store in a file has no delegation: who may write the file administers it, as HV-AZ-002 says; other stores stay outside",
    "HV-CLU-010": "one snapshot does not see the switches and settings of the other nodes",
    "HV-CLU-011": "one snapshot does not see the memory of the other nodes",
    "HV-GST-011": "of the key-value pairs only what the guest tells of its system is kept; the others may hold secrets",
    "HV-GST-015": "a combination of other findings, told by the report",
    "HV-GST-016": "a combination of other findings, told by the report",
    "HV-GST-017": "one snapshot does not see the domain controllers on other hosts",
    "HV-HOST-023": "one snapshot does not see the domain controllers on other hosts",
    "HV-PATCH-011": "each file keeps the revision of the update that last changed it, so on a healthy host they differ as well",
    "HV-PATCH-012": "one snapshot does not see the other nodes of the cluster",
    "HV-STOR-032": "names and sizes do not tell a template from the disk of a machine in use elsewhere",
    "HV-VM-040": "needs the operator's list of virtual machines, which the policy file does not have",
    "HV-VM-043": "resource metering is not among the collected properties",
    "HV-VMSEC-003": "as the product makes machines none has a TPM, so each of them would be a finding of medium weight",
}
