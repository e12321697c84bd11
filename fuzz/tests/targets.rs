//! The properties, tried without cargo-fuzz: with the beginnings below, and with changes of them.
//!
//! `FUZZ_SEED` repeats a run, `FUZZ_ROUNDS` says how many changes each property is tried with.

use ilios_fuzz::TARGETS;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

const ROUNDS: usize = 400;

/// Inputs that get somewhere.
const BEGINNINGS: &[&[u8]] = &[
    b"",
    b"report.pdf  %PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
    b"\x00%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj",
    b"\x0c<html><table><tr><td rowspan=3>a</td></tr></table><p title=x>b &amp; c</p>",
    b"\x13<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a d='e'>&b;<f/></a>",
    b"\x0aPK\x03\x04",
    b"\x80\x01\x02\x03\xff\x10\x20\x30x",
    b"1-3,7,9-",
    b"form-data; name=\"file\"; filename=\"a.pdf\"; filename*=UTF-8''na%C3%AFve.pdf",
    b"http://user@127.0.0.1:80/a?b#c",
    b"[::ffff:127.0.0.1]:8080/",
    b"\x01\x05\x00\x00\x00{\"a\":\x02\x00\x00\x00\x00",
    b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\ntext\r\n--b\r\n\
      Content-Disposition: form-data; name=\"pages\"\r\n\r\n1-3\r\n--b--\r\n",
];

#[expect(
    clippy::disallowed_methods,
    reason = "how much of it runs is said by who runs it"
)]
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn changed(random: &mut StdRng) -> Vec<u8> {
    let mut bytes = BEGINNINGS[random.random_range(0..BEGINNINGS.len())].to_vec();
    for _ in 0..random.random_range(1..=6) {
        let at = random.random_range(0..=bytes.len());
        match random.random_range(0..4) {
            0 if at < bytes.len() => bytes[at] = random.random(),
            1 => bytes.truncate(at),
            2 => {
                let other = BEGINNINGS[random.random_range(0..BEGINNINGS.len())];
                bytes.splice(at..at, other.iter().copied());
            }
            _ => bytes.insert(at, random.random()),
        }
    }
    bytes
}

#[test]
fn every_property_holds() {
    let seed = setting("FUZZ_SEED").unwrap_or_else(|| rand::rng().random_range(0..1_000_000));
    let rounds = setting("FUZZ_ROUNDS").map_or(ROUNDS, |rounds| usize::try_from(rounds).expect("a number"));
    println!("FUZZ_SEED={seed} makes the same inputs");
    for (name, target) in TARGETS {
        println!("{name}");
        BEGINNINGS.iter().for_each(|bytes| target(bytes));
        let mut random = StdRng::seed_from_u64(seed);
        for _ in 0..rounds {
            let bytes = changed(&mut random);
            println!("{bytes:?}");
            target(&bytes);
        }
    }
}
