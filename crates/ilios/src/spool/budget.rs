use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Memory that many share. A share that cannot grow makes its owner use a file.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    left: Arc<AtomicI64>,
    /// Bytes that `Share::grow_to` leaves for `Budget::charge`, which never fails.
    kept: i64,
}

/// A share of a budget, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Share {
    budget: Budget,
    bytes: i64,
}

impl Budget {
    pub(super) fn new(bytes: u64) -> Self {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        Self {
            left: Arc::new(AtomicI64::new(bytes)),
            kept: 0,
        }
    }

    /// The same budget, half of which is for what is taken in any case.
    pub(super) fn half_kept(self) -> Self {
        let kept = self.left.load(Ordering::Relaxed) / 2;
        Self { kept, ..self }
    }

    /// An empty share, to be grown.
    pub(super) fn share(&self) -> Share {
        self.charge(0)
    }

    /// A share of what is taken in any case, whether there is room for it or not.
    pub(super) fn charge(&self, bytes: i64) -> Share {
        self.left.fetch_sub(bytes, Ordering::Relaxed);
        Share {
            budget: self.clone(),
            bytes,
        }
    }
}

impl Share {
    /// Makes the share one of `bytes`, unless that is more than what is left.
    pub(super) fn grow_to(&mut self, bytes: usize) -> bool {
        let Ok(bytes) = i64::try_from(bytes) else {
            return false;
        };
        let more = (bytes - self.bytes).max(0);
        let Budget { left, kept } = &self.budget;
        let take = |left: i64| (left - kept >= more).then_some(left - more);
        let taken = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take);
        if taken.is_ok() {
            self.bytes += more;
        }
        taken.is_ok()
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.budget.left.fetch_add(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::Budget;

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let budget = Budget::new(10);
        let (mut first, mut second) = (budget.share(), budget.share());
        assert!(first.grow_to(6) && !second.grow_to(5) && second.grow_to(4));
        assert!(first.grow_to(6) && !first.grow_to(7));
        drop(first);
        assert!(second.grow_to(10) && !second.grow_to(11));
        let charged = budget.charge(5);
        assert!(!budget.share().grow_to(1));
        drop(second);
        let mut third = budget.share();
        assert!(!third.grow_to(6) && third.grow_to(5));
        drop((charged, third));
        assert!(budget.share().grow_to(10));
        let budget = budget.half_kept();
        assert!(budget.share().grow_to(5) && !budget.share().grow_to(6));
        let _charged = budget.charge(3);
        assert!(budget.share().grow_to(2) && !budget.share().grow_to(3));
    }
}
