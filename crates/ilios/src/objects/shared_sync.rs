use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Makes new files of a folder and their names durable. Many who wait for it share one round: the disk takes many
/// files in little more than the time of one, and a journal that is written once holds them all.
pub(super) struct SharedSync {
    folder: PathBuf,
    rounds: Mutex<Rounds>,
    ended: Condvar,
}

#[derive(Default)]
struct Rounds {
    begun: u64,
    ended: u64,
    running: bool,
    /// Files of the next round.
    waiting: Vec<File>,
    /// The last round that failed, with its error.
    failed: Option<(u64, io::ErrorKind)>,
}

impl SharedSync {
    /// For the files in `folder`.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            rounds: Mutex::default(),
            ended: Condvar::new(),
        }
    }

    /// Blocks until `file` and the name that it has in the folder are durable.
    ///
    /// # Errors
    /// The disk failed in the round that was waited for.
    pub(super) fn wait(&self, file: File) -> io::Result<()> {
        let mut rounds = self.lock();
        rounds.waiting.push(file);
        // A round that runs already was begun without this file.
        let wanted = rounds.begun + 1;
        while rounds.ended < wanted {
            rounds = if rounds.running {
                self.ended.wait(rounds).unwrap_or_else(PoisonError::into_inner)
            } else {
                self.run(rounds)
            };
        }
        match rounds.failed {
            Some((round, kind)) if round >= wanted => Err(kind.into()),
            _ => Ok(()),
        }
    }

    /// Runs one round for all who wait.
    fn run<'a>(&'a self, mut rounds: MutexGuard<'a, Rounds>) -> MutexGuard<'a, Rounds> {
        rounds.running = true;
        rounds.begun += 1;
        let round = rounds.begun;
        let files = std::mem::take(&mut rounds.waiting);
        drop(rounds);
        let outcome = self.synchronize(&files);
        let mut rounds = self.lock();
        rounds.running = false;
        rounds.ended = round;
        if let Err(error) = outcome {
            rounds.failed = Some((round, error.kind()));
        }
        self.ended.notify_all();
        rounds
    }

    fn synchronize(&self, files: &[File]) -> io::Result<()> {
        files.iter().for_each(begin_to_write);
        files.iter().try_for_each(File::sync_all)?;
        // A folder is written as a whole: with it, every name that was given before.
        File::open(&self.folder)?.sync_all()
    }

    fn lock(&self) -> MutexGuard<'_, Rounds> {
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets the system begin to write what a file holds, without waiting for it: so that all files are on their way before
/// the first is waited for.
#[cfg(target_os = "linux")]
fn begin_to_write(file: &File) {
    // Only a hint: what it does not do is done by the wait.
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
}

/// Not on this system.
#[cfg(not(target_os = "linux"))]
fn begin_to_write(_file: &File) {}
