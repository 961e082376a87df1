"""The network of a host as SVG: uplinks, switches, VLANs, adapters, virtual machines. Text is made harmless and escaped here."""

from collections.abc import Sequence
from html import escape

from snapshot_tool.report.foreign import harmless
from snapshot_tool.report.inventory import Inventory, SwitchPort

ROW = 26
GAP = 18
_COLUMNS = {"uplink": (8, 190), "switch": (250, 170), "vlan": (452, 110), "port": (580, 300)}
WIDTH = 890


def network_svg(inventory: Inventory) -> str:
    """One picture, as wide as `WIDTH` units and as high as the ports need; empty text where there is no switch."""
    if not inventory.switches and not inventory.unconnected:
        return ""
    parts: list[str] = []
    top = GAP
    for switch in inventory.switches:
        height = max(len(switch.ports), len(switch.uplinks), 1) * ROW
        middle = top + height / 2
        parts.append(_box("switch", f"s-{switch.kind.lower()}", middle - 19, 38, [switch.name, switch.kind]))
        for place, uplink in enumerate(switch.uplinks):
            y = top + (place + 0.5) * height / len(switch.uplinks)
            parts.append(_line(_right("uplink"), y, _left("switch"), middle))
            parts.append(_box("uplink", "uplink", y - 11, 22, [uplink.label]))
        parts += _ports(switch.ports, top + (height - len(switch.ports) * ROW) / 2, middle)
        top += height + GAP
    if inventory.unconnected:
        parts.append(f'<text class="rest" x="{_left("vlan")}" y="{top + 16}">–</text>')
        parts += _ports(inventory.unconnected, top, None)
        top += len(inventory.unconnected) * ROW + GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="network" role="img" viewBox="0 0 {WIDTH} {top:.0f}" '
        f'width="{WIDTH}" height="{top:.0f}">' + "".join(parts) + "</svg>"
    )


def _ports(ports: Sequence[SwitchPort], top: float, middle: float | None) -> list[str]:
    parts = []
    for place, port in enumerate(ports):
        y = top + (place + 0.5) * ROW
        if middle is not None:
            parts.append(_line(_right("switch"), middle, _left("vlan"), y))
            parts.append(f'<line class="wire" x1="{_left("vlan")}" y1="{y:.1f}" x2="{_left("port")}" y2="{y:.1f}"/>')
        if port.vlan:
            parts.append(_text(_left("vlan") + 6, y - 4, port.vlan, "vlan", 18))
        kind = "host" if port.machine is None else "on" if port.running else "off"
        name = port.adapter if port.machine is None else f"{port.machine} · {port.adapter}"
        parts.append(_box("port", kind, y - 10, 20, [name]))
    return parts


def _left(column: str) -> int:
    return _COLUMNS[column][0]


def _right(column: str) -> int:
    left, width = _COLUMNS[column]
    return left + width


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    half = (x1 + x2) / 2
    return f'<path class="wire" d="M{x1} {y1:.1f}C{half} {y1:.1f} {half} {y2:.1f} {x2} {y2:.1f}"/>'


def _box(column: str, kind: str, top: float, height: float, lines: Sequence[str]) -> str:
    left, width = _COLUMNS[column]
    fitting = int(width / 6.6)
    rect = f'<rect class="{kind}" x="{left}" y="{top:.1f}" width="{width}" height="{height}" rx="4"/>'
    title = f"<title>{escape(' · '.join(map(harmless, lines)))}</title>"
    texts = []
    for place, line in enumerate(lines):
        y = top + height / 2 + 4 + (place - (len(lines) - 1) / 2) * 14
        texts.append(_text(left + 8, y, line, "second" if place else "", fitting))
    return f"<g>{title}{rect}{''.join(texts)}</g>"


def _text(x: float, y: float, text: str, kind: str, fitting: int) -> str:
    attribute = f' class="{kind}"' if kind else ""
    return f'<text{attribute} x="{x}" y="{y:.1f}">{escape(harmless(text, limit=fitting))}</text>'
