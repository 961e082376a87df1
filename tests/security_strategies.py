"""Random security descriptors."""

from hypothesis import strategies as st

from snapshot_tool.parsers.sddl import Ace, AceType, Acl, SecurityDescriptor

CONDITIONS = (
    '(@USER.Title == "PM; (never) {closed}")',
    "((Member_of {SID(BA)}) && (@DEVICE.Bitlocker))",
    "(!(@USER.level >= -0x7))",
    "((a == 017) || (Exists %0040b.%0100c))",
    '(@RESOURCE.key Any_of {1, "two", #0304, SID(S-1-5-21-1-2-3-500)})',
)
ATTRIBUTES = (
    '("colour",TS,0x0,"red; (blue)","")',
    '("level",TI,0x1,-8,9223372036854775807)',
    '("level",TU,0x0,18446744073709551615)',
    '("octets",TX,0x0,00ff,)',
    '("owner",TD,0x0,SID(BA),SID(HA))',
    '("on",TB,0x2,1)',
)
ALIASES = ("DU", "DA", "LA", "EA")
KNOWN = (
    "S-1-1-0",
    "S-1-5-18",
    "S-1-5-32-544",
    "S-1-5-32-545",
    "S-1-5-11",
    "S-1-5-7",
    "S-1-5-21-1-2-3-513",
    "S-1-15-2-1",
)
MASKS = (0x1F01FF, 0x120089, 0x1301BF, 0xF003F, 0x20019, 0x10000000, 0xC0000000, 0x2, 0x40, 0)

u32 = st.integers(0, 2**32 - 1)
sids = st.one_of(
    st.sampled_from(KNOWN),
    st.builds(
        lambda authority, numbers: "-".join(
            ["S-1", str(authority) if authority < 2**32 else f"0x{authority:X}", *map(str, numbers)]
        ),
        st.integers(0, 2**48 - 1),
        st.lists(u32, max_size=15),
    ),
)
trustees = st.one_of(sids, st.sampled_from(ALIASES))
masks = st.one_of(st.sampled_from(MASKS), u32)


@st.composite
def aces(draw, trustee=trustees):
    kind = draw(st.sampled_from(AceType))
    guids = st.none() if not kind.has_object else st.one_of(st.none(), st.uuids().map(str))
    if kind is AceType.ACCESS_FILTER:
        condition = draw(st.one_of(st.none(), st.sampled_from(CONDITIONS)))
    else:
        condition = draw(st.sampled_from(CONDITIONS)) if kind.conditional else None
    return Ace(
        type=kind,
        flags=draw(st.integers(0, 255)),
        mask=draw(masks),
        trustee=draw(trustee),
        object_type=draw(guids),
        inherited_object_type=draw(guids),
        condition=condition,
        resource_attribute=draw(st.sampled_from(ATTRIBUTES)) if kind is AceType.RESOURCE_ATTRIBUTE else None,
    )


def acls(trustee=trustees):
    flags = st.booleans()
    listed = st.builds(Acl, st.lists(aces(trustee), max_size=6).map(tuple), flags, flags, flags)
    return st.one_of(listed, st.builds(Acl, st.just(()), flags, flags, flags, is_null=st.just(True)))


def descriptors(trustee=trustees):
    return st.builds(
        SecurityDescriptor,
        st.one_of(st.none(), trustee),
        st.one_of(st.none(), trustee),
        st.one_of(st.none(), acls(trustee)),
        st.one_of(st.none(), acls(trustee)),
    )
