use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Makes the names in a folder durable. Many who wait for it share one round: a folder is written as a whole, and
/// one round holds every name that was given before it began.
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
    /// The last round that failed, with its error.
    failed: Option<(u64, io::ErrorKind)>,
}

impl SharedSync {
    /// For the names in `folder`.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            rounds: Mutex::default(),
            ended: Condvar::new(),
        }
    }

    /// Blocks until every name that was given before is durable.
    ///
    /// # Errors
    /// The disk failed in the round that was waited for.
    pub(super) fn wait(&self) -> io::Result<()> {
        let mut rounds = self.lock();
        // A round that runs already may have begun before the caller's name was given.
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
        drop(rounds);
        let outcome = File::open(&self.folder).and_then(|folder| folder.sync_all());
        let mut rounds = self.lock();
        rounds.running = false;
        rounds.ended = round;
        if let Err(error) = outcome {
            rounds.failed = Some((round, error.kind()));
        }
        self.ended.notify_all();
        rounds
    }

    fn lock(&self) -> MutexGuard<'_, Rounds> {
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
