"""The text of a firewall rule as checks read it: every field by name, an unreadable text is a gap of its cell."""

from snapshot_tool.model.firewall import FirewallRule
from snapshot_tool.parsers.firewall_rule import (
    ANY_PROTOCOL,
    ICMPV4,
    ICMPV6,
    TCP,
    UDP,
    Action,
    Direction,
    ProfileType,
)
from snapshot_tool.parsers.firewall_rule import FirewallRule as RuleText

__all__ = [
    "ANY_PROTOCOL",
    "ICMPV4",
    "ICMPV6",
    "TCP",
    "UDP",
    "Action",
    "Direction",
    "ProfileType",
    "RuleText",
    "is_switched_on",
    "rule_text",
]


def rule_text(row: FirewallRule) -> RuleText:
    """The fields of the rule; the cell `Rule` is evidence. Raises NotAssessed (unreadable) for text that is no rule."""
    return row.text


def is_switched_on(row: FirewallRule) -> bool:
    """Whether the rule is on in its store. Whether the store counts for a profile is another question. Raises as `rule_text`."""
    return rule_text(row).in_force(row.store)
