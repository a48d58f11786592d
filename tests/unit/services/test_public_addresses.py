"""Which addresses a link may lead to."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.services.public_addresses import is_public

PRIVATE_4 = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
]  # fmt: skip
PRIVATE_6 = [
    "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:2::/48", "2001:db8::/32", "2002::/16",
    "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
]  # fmt: skip


def within(networks: list[str]) -> st.SearchStrategy[str]:
    """Addresses of the networks, their edges often."""
    return st.sampled_from([ipaddress.ip_network(network) for network in networks]).flatmap(_address_in)


def _address_in(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> st.SearchStrategy[str]:
    return st.integers(0, network.num_addresses - 1).map(lambda number: str(network[number]))


@given(within(PRIVATE_4))
def test_no_private_address_is_public(address: str) -> None:
    assert not is_public(address)


@given(within(PRIVATE_4))
def test_nor_is_one_that_is_written_as_ipv6(address: str) -> None:
    assert not is_public(f"::ffff:{address}")
    mapped = ipaddress.IPv6Address(f"::ffff:{address}")
    assert not is_public(mapped.exploded)
    assert not is_public(f"64:ff9b::{address}")


@given(within(PRIVATE_6))
def test_no_private_ipv6_address_is_public(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses())
def test_what_python_calls_private_or_special_is_never_public(address) -> None:
    special = (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
    )
    mapped = getattr(address, "ipv4_mapped", None)
    if special and not (mapped and is_public(str(mapped))):
        assert not is_public(str(address))


@given(st.ip_addresses(v=4))
def test_a_public_ipv4_address_is_one_everywhere(address) -> None:
    if is_public(str(address)):
        assert address.is_global
        assert is_public(f"::ffff:{address}")


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "8.8.8.8",
        "93.184.215.14",
        "2606:4700::6810:84e5",
        "2a00:1450:4001:81b::200e",
        "::ffff:8.8.8.8",
    ],
)
def test_ordinary_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "::1", "::", "fe80::1%eth0",
        "2606:4700::1%1", "::ffff:127.0.0.1", "::127.0.0.1", "2002:7f00:1::", "255.255.255.255",
        "127.1", "0x7f.0.0.1", "2130706433", "0177.0.0.1", "localhost", "", "1.1.1.1 ", "[::1]",
    ],
)  # fmt: skip
def test_metadata_services_and_strange_spellings_are_not(address: str) -> None:
    assert not is_public(address)


@given(st.text(max_size=40))
def test_any_text_is_judged_without_an_error(text: str) -> None:
    assert is_public(text) in {True, False}
