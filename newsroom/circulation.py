"""Decide whom the paper is open to: which issues stay inside, and which addresses are inside."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

__all__ = ["Circulation", "Extent", "Network", "NoNetwork", "read_networks"]

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# The widest that an organisation has to itself: 10.0.0.0/8, and fc00::/7 of IPv6.
WIDEST = {4: 8, 6: 7}
BETWEEN = re.compile(r"[\s,，、;；]+")


class Extent(StrEnum):
    """How much of the paper stays inside."""

    NOTHING = "nothing"
    EVERYTHING = "everything"
    SOME_ISSUES = "some_issues"


class NoNetwork(ValueError):
    """What was written is no network, or one too wide to be anybody's own; it is ``written``."""

    def __init__(self, written: str, *, too_wide: bool = False) -> None:
        super().__init__(written)
        self.written, self.too_wide = written, too_wide


def read_networks(text: str) -> tuple[Network, ...]:
    """Return the networks named in ``text``, in CIDR or as single addresses, each once.

    Raises NoNetwork for the first that cannot be one.
    """
    networks: list[Network] = []
    for written in filter(None, BETWEEN.split(text)):
        try:
            network = ipaddress.ip_network(written, strict=False)
        except ValueError:
            raise NoNetwork(written) from None
        if network.prefixlen < WIDEST[network.version]:
            raise NoNetwork(written, too_wide=True)
        if network not in networks:
            networks.append(network)
    return tuple(networks)


@dataclass(frozen=True, slots=True)
class Circulation:
    """What stays inside, and who is inside without having to log in.

    Of SOME_ISSUES those dated ``since`` to ``until`` stay inside, both days included; without one
    of the two there is no end on that side, and without both the whole paper stays inside.
    """

    extent: Extent = Extent.NOTHING
    since: date | None = None
    until: date | None = None
    networks: tuple[Network, ...] = ()
    notice: str = ""  # what those outside are told

    @property
    def is_open(self) -> bool:
        """Whether everybody may have everything."""
        return self.extent is Extent.NOTHING

    @property
    def is_whole(self) -> bool:
        """Whether the whole paper stays inside."""
        is_endless = self.extent is Extent.SOME_ISSUES and not (self.since or self.until)
        return self.extent is Extent.EVERYTHING or is_endless

    def covers(self, day: date | None) -> bool:
        """Whether an issue of ``day`` stays inside; without a day, what belongs to no issue."""
        if self.extent is not Extent.SOME_ISSUES or day is None:
            return self.is_whole
        return (self.since or day) <= day <= (self.until or day)

    def lets_in(self, address: str) -> bool:
        """Whether a sender's ``address`` lies in one of the networks; "" lies in none."""
        try:
            told = ipaddress.ip_address(address)
        except ValueError:
            return False
        parsed = getattr(told, "ipv4_mapped", None) or told
        return any(parsed in network for network in self.networks)
