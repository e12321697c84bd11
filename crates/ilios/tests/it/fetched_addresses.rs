//! Properties of the addresses that may be fetched from.

use std::net::{IpAddr, Ipv6Addr};

use ilios::outbound::{AllowedHosts, check, is_public};
use proptest::prelude::*;

/// Returns true if an address belongs to the public internet, told in another way than the server does it.
fn public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            !(address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_multicast()
                || address.is_broadcast()
                || address.is_documentation()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 198 && (b == 18 || b == 19))
                || (a == 192 && b == 0 && c == 0))
        }
        IpAddr::V6(address) => {
            let segments = address.segments();
            (0x2000..0x4000).contains(&segments[0])
                && segments[0] != 0x2002
                && !(segments[0] == 0x2001 && (segments[1] < 0x200 || segments[1] == 0xdb8))
        }
    }
}

fn addresses() -> impl Strategy<Value = IpAddr> {
    let v4 = any::<u32>().prop_map(|bits| IpAddr::V4(bits.into()));
    let v6 = any::<u128>().prop_map(|bits| IpAddr::V6(bits.into()));
    // Most of the space is one thing: what stands for an IPv4 address is looked at more often.
    let prefix = prop::sample::select(vec![
        [0_u16, 0, 0, 0, 0, 0xffff],
        [0, 0, 0, 0, 0xffff, 0],
        [0x64, 0xff9b, 0, 0, 0, 0],
        [0x64, 0xff9b, 1, 0, 0, 0],
        [0x2001, 0, 1, 2, 3, 4],
        [0xfe80, 0, 0, 0, 0, 0],
        [0xfd00, 0xec2, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0],
    ]);
    let standing = (prefix, any::<[u16; 2]>())
        .prop_map(|([a, b, c, d, e, f], [g, h])| IpAddr::V6(Ipv6Addr::new(a, b, c, d, e, f, g, h)));
    let six_to_four =
        any::<[u16; 2]>().prop_map(|[a, b]| IpAddr::V6(Ipv6Addr::new(0x2002, a, b, 0, 0, 0, 0, 1)));
    let small = (0..=255_u8, any::<[u8; 3]>()).prop_map(|(a, [b, c, d])| IpAddr::from([a, b, c, d]));
    prop_oneof![v4, v6, standing, six_to_four, small]
}

proptest! {
    #[test]
    fn whatever_is_allowed_is_public(address in addresses(), port in 1..u16::MAX) {
        if is_public(address) {
            prop_assert!(public(address), "{address}");
        }
        let url = match address {
            IpAddr::V4(address) => format!("http://{address}:{port}/a"),
            IpAddr::V6(address) => format!("http://[{address}]:{port}/a"),
        };
        let allowed = check(&url, &AllowedHosts::default()).is_ok();
        prop_assert_eq!(allowed, is_public(address), "{}", url);
    }

    #[test]
    fn whatever_text_is_allowed_leads_to_a_public_address_or_a_name(text in "\\PC{0,60}") {
        for text in [text.clone(), format!("http://{text}"), format!("https://{text}/")] {
            let Ok(url) = check(&text, &AllowedHosts::default()) else { continue };
            let host = url.host_str().expect("a host").trim_matches(['[', ']']);
            match host.parse::<IpAddr>() {
                Ok(address) => prop_assert!(public(address), "{text}"),
                Err(_) => {
                    let mut labels = host.trim_end_matches('.').rsplit('.');
                    prop_assert!(labels.next() != Some("localhost") && labels.next().is_some(), "{text}");
                }
            }
        }
    }
}
