use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Metadata server of Azure, whose address looks public.
const AZURE_WIRE_SERVER: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);

/// The blocks of IPv4 that are no part of the public internet (IANA's registry of special-purpose addresses, and
/// multicast): the first address and how many bits of it count.
const SPECIAL_V4: &[([u8; 4], u32)] = &[
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];

/// The blocks within 2000::/3, all there is of the public internet, that are no part of it or lead elsewhere: Teredo
/// and other protocols, examples, 6to4.
const SPECIAL_V6: &[([u16; 2], u32)] = &[
    ([0x2001, 0x0000], 23),
    ([0x2001, 0x0db8], 32),
    ([0x2002, 0x0000], 16),
    ([0x3fff, 0x0000], 20),
];

/// Returns true if an address is one of the public internet. Addresses that stand for others (mapped, NAT64, 6to4,
/// Teredo) are not, whatever they stand for.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let bits = address.to_bits();
    let within = |&(block, length): &([u8; 4], u32)| {
        let shift = 32 - length;
        bits >> shift == u32::from_be_bytes(block) >> shift
    };
    !SPECIAL_V4.iter().any(within) && address != AZURE_WIRE_SERVER
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let bits = address.to_bits();
    let within = |&([first, second], length): &([u16; 2], u32)| {
        let block = (u128::from(first) << 112) | (u128::from(second) << 96);
        let shift = 128 - length;
        bits >> shift == block >> shift
    };
    bits >> 125 == 0b001 && !SPECIAL_V6.iter().any(within)
}
