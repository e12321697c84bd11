use std::fs::File;

use ilios_sandbox::{ChildPool, Program, ReusePool, RunningChild, SpawnError};

use super::Owner;
use crate::spool::IN_MEMORY;

/// Children that documents are given to.
pub(super) struct Children {
    program: Program,
    waiting: ChildPool,
    reused: ReusePool<Owner>,
}

/// Children that were started before there was a document for them, which goes by the channel.
#[derive(Debug, Clone, Copy)]
pub(super) enum Started {
    /// Those that have converted documents of the same owner.
    Reused,
    /// Those that have had no document yet.
    Waiting,
}

impl Children {
    /// Children of `program`, of which `waiting` are started before they are needed and at most `kept` are kept for
    /// another document of their owner. Must be called within a tokio runtime.
    pub(super) fn new(program: Program, waiting: usize, kept: usize) -> Self {
        let mut policy = program.policy();
        policy.renewable = kept > 0;
        let program = program.with_policy(policy);
        Self {
            waiting: ChildPool::new(program.clone(), waiting, IN_MEMORY as u64),
            reused: ReusePool::new(kept),
            program,
        }
    }

    /// Takes a child for a document of this owner.
    pub(super) fn take(&self, started: Started, owner: &Owner) -> Option<RunningChild> {
        match started {
            Started::Reused => owner.is_known().then(|| self.reused.take(owner)).flatten(),
            Started::Waiting => self.waiting.take(),
        }
    }

    /// Starts a child for a document that goes by the channel, or that is the file.
    pub(super) fn spawn(&self, file: Option<File>) -> Result<RunningChild, SpawnError> {
        match file {
            Some(file) => self.program.spawn(file),
            // Its limits are those of the largest one that may be next.
            None => self.program.spawn_without_file(IN_MEMORY as u64),
        }
    }

    /// Keeps a child that has done its job for the next one of its owner; gives it back if it must end.
    pub(super) fn keep(&self, owner: &Owner, child: RunningChild) -> Option<RunningChild> {
        if owner.is_known() {
            self.reused.keep(owner.clone(), child)
        } else {
            Some(child)
        }
    }
}
