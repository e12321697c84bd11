//! Processors of the machine that children use: one each, whatever there are, and those that are idle lent to a child
//! that has several pictures to read.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Count of processors in use.
#[derive(Clone)]
pub(super) struct Processors {
    total: u32,
    used: Arc<AtomicU32>,
}

/// Processors that a child uses until this is dropped.
pub(super) struct UsedProcessors {
    of: Processors,
    count: u32,
}

impl Processors {
    pub(super) fn new(total: u32) -> Self {
        Self {
            total,
            used: Arc::default(),
        }
    }

    /// Counts one more, for a child.
    pub(super) fn take_one(&self) -> UsedProcessors {
        self.used.fetch_add(1, Ordering::Relaxed);
        UsedProcessors {
            of: self.clone(),
            count: 1,
        }
    }
}

impl UsedProcessors {
    /// Uses as many as wanted, if so many are idle, and gives those back that it used beyond. Returns their number, which
    /// is at least one.
    pub(super) fn use_up_to(&mut self, wanted: u32) -> u32 {
        let (own, total) = (self.count, self.of.total);
        let count_beside = |used: u32| {
            let others = used.saturating_sub(own);
            (others, wanted.min(total.saturating_sub(others)).max(1))
        };
        let mut count = own;
        // The closure never returns `None`.
        let _ = self
            .of
            .used
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |used| {
                let (others, granted) = count_beside(used);
                count = granted;
                Some(others + granted)
            });
        self.count = count;
        count
    }
}

impl Drop for UsedProcessors {
    fn drop(&mut self) {
        self.of.used.fetch_sub(self.count, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::Processors;

    #[test]
    fn idle_processors_are_lent_until_another_child_needs_one() {
        let processors = Processors::new(4);
        let mut first = processors.take_one();
        assert_eq!(first.use_up_to(9), 4);
        let mut second = processors.take_one();
        assert_eq!(second.use_up_to(9), 1, "none is idle");
        assert_eq!(first.use_up_to(9), 3);
        assert_eq!(first.use_up_to(2), 2);
        assert_eq!(second.use_up_to(9), 2);
        drop(first);
        assert_eq!(second.use_up_to(3), 3);
        drop(second);
        assert_eq!(processors.take_one().use_up_to(0), 1, "each has its own");
    }

    #[test]
    fn more_children_than_processors_have_one_each() {
        let processors = Processors::new(1);
        let mut children = [processors.take_one(), processors.take_one()];
        assert!(children.iter_mut().all(|child| child.use_up_to(2) == 1));
    }
}
