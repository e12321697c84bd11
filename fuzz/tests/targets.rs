//! The properties, tried without cargo-fuzz: with the files of `beginnings`, with changes of them, and with what was
//! found once, `findings/TARGET`.
//!
//! `FUZZ_SEED` repeats a run, `FUZZ_ROUNDS` says how many changes each property is tried with.

#![expect(
    clippy::expect_used,
    reason = "a test fails by a panic, also in what its functions share"
)]

use ilios_fuzz::TARGETS;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

const ROUNDS: usize = 400;

/// The files of a folder of this crate, by their names; none where there is no such folder.
fn files(folder: &str) -> Vec<Vec<u8>> {
    let folder = std::path::absolute(".")
        .expect("the folder of the crate")
        .join(folder);
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read(path).expect("a file"))
        .collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "how much of it runs is said by who runs it"
)]
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn changed(beginnings: &[Vec<u8>], random: &mut StdRng) -> Vec<u8> {
    let mut bytes = beginnings[random.random_range(0..beginnings.len())].clone();
    for _ in 0..random.random_range(1..=6) {
        let at = random.random_range(0..=bytes.len());
        match random.random_range(0..4) {
            0 if at < bytes.len() => bytes[at] = random.random(),
            1 => bytes.truncate(at),
            2 => {
                let other = &beginnings[random.random_range(0..beginnings.len())];
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
    let beginnings = files("beginnings");
    for (name, target) in TARGETS {
        println!("{name}");
        beginnings.iter().for_each(|bytes| target(bytes));
        let mut random = StdRng::seed_from_u64(seed);
        for _ in 0..rounds {
            let bytes = changed(&beginnings, &mut random);
            println!("{bytes:?}");
            target(&bytes);
        }
    }
}

#[test]
fn what_was_found_once_is_found_no_more() {
    for (name, target) in TARGETS {
        for (number, bytes) in files(&format!("findings/{name}")).iter().enumerate() {
            println!("{name} {number}");
            target(bytes);
        }
    }
}
