//! Pages that are read before their turn.
//!
//! ```text
//!   page 3   the host has three processors: pictures of 3, 4 and 5 are made, and read at the same time, a thread each
//!   page 4   taken as it was read, and page 5
//!   page 6   the host is asked again, and has one: 6 alone
//! ```
//!
//! The host is asked for each such group, so that other documents wait no longer for a processor than a page takes. The
//! result is the same for any answer.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::thread;

use image::GrayImage;

use super::networks::{BROKEN, NetworkReading, are_first, by_networks};
use crate::{Host, Options};

/// Pixels of a picture, at most, that is read at the same time as others: more than those of A3 at 200 to an inch. Larger
/// ones take memory that is counted for none.
const MAX_PIXELS: u64 = 8_000_000;

/// Picture of a page, or the reason why it has none, and what is read of it already.
pub(crate) type Made<P, E> = (Result<P, E>, Option<NetworkReading>);

/// Pictures of the pages that are next, read before their turn.
pub(crate) struct Ahead<P, E> {
    made: HashMap<u32, Made<P, E>>,
}

impl<P, E> Default for Ahead<P, E> {
    fn default() -> Self {
        Self { made: HashMap::new() }
    }
}

impl<P: Borrow<GrayImage>, E> Ahead<P, E> {
    /// Picture of the page `number`. Makes and reads those of `coming`, pages that will be recognized for certain, with it
    /// where the host lets it.
    pub(crate) fn take(
        &mut self,
        (number, coming): (u32, &[u32]),
        host: &mut dyn Host,
        options: &Options,
        mut make: impl FnMut(u32) -> Result<P, E>,
    ) -> Made<P, E> {
        if let Some(made) = self.made.remove(&number) {
            return made;
        }
        let own = make(number);
        if coming.is_empty() || !are_first(options) || ordinary(&own).is_none() {
            return (own, None);
        }
        let at_once = host.on_recognition(coming.len() + 1).max(1);
        let later = coming.iter().take(at_once - 1);
        let later: Vec<(u32, Result<P, E>)> = later
            .map(|&page| {
                host.on_page_start(page, true);
                (page, make(page))
            })
            .collect();
        let pictures = std::iter::once(&own).chain(later.iter().map(|(_, picture)| picture));
        let pictures: Vec<Option<&GrayImage>> = pictures.map(ordinary).collect();
        let mut readings = read_at_once(&pictures).into_iter();
        let reading = readings.next().flatten();
        self.made.extend(
            later
                .into_iter()
                .zip(readings)
                .map(|((page, picture), reading)| (page, (picture, reading))),
        );
        (own, reading)
    }
}

/// A picture that there is, and that is not too large to be read beside others.
fn ordinary<P: Borrow<GrayImage>, E>(picture: &Result<P, E>) -> Option<&GrayImage> {
    let image: &GrayImage = picture.as_ref().ok()?.borrow();
    (u64::from(image.width()) * u64::from(image.height()) <= MAX_PIXELS).then_some(image)
}

/// Reads pictures at the same time, the first of them by this thread.
fn read_at_once(pictures: &[Option<&GrayImage>]) -> Vec<Option<NetworkReading>> {
    let read = |picture: Option<&GrayImage>| picture.map(|picture| by_networks(|| ilios_ocr::read(picture)));
    let Some((first, others)) = pictures.split_first() else {
        return Vec::new();
    };
    thread::scope(|scope| {
        let others: Vec<_> = others
            .iter()
            .map(|picture| {
                let started = thread::Builder::new().spawn_scoped(scope, || read(*picture));
                started.ok()
            })
            .collect();
        let mut readings = vec![read(*first)];
        readings.extend(others.into_iter().map(|other| {
            // Without a thread it is read in its turn.
            other?.join().unwrap_or_else(|_| Some(Err(BROKEN.into())))
        }));
        readings
    })
}
