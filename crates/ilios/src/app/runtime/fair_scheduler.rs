//! Round-robin order of tenants over a bounded number of slots and of places to wait.
//!
//! Each tenant has a waiting list of its own. A free slot goes to the tenant that holds the fewest, among equals to the
//! one whose last turn is the longest ago. One tenant alone may fill all places. As soon as others wait, each has an
//! equal share of them, and a tenant with more gives up its youngest places to those with less:
//!
//! ```text
//! places: 6      A A A A A A          A fills the waiting list alone
//! B comes        A A A A A . B        A has more than its half: its youngest place is B's
//! B, B come      A A A . . . B B B    now both have their halves; the next of either is refused
//! ```
//!
//! State alone, without time and tasks: [`Admission`](super::Admission) adds these.

use std::collections::{HashMap, VecDeque};

use crate::model::Tenant;

/// Tenants whose last turn is remembered; with more, the memory starts anew, which costs a turn.
const MAX_REMEMBERED: usize = 100_000;

/// Limit by which a request was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The server's: all tenants together have taken what there is.
    Server,
    /// The tenant's own share of what others want, too.
    Share,
    /// The tenant's own number of announced uploads.
    Uploads,
    /// Files that the tenant keeps.
    Files,
}

/// Slots and waiting lists of all tenants. `W` is the handle by which a waiting request is notified.
pub(super) struct FairScheduler<W> {
    max_running: usize,
    max_waiting: usize,
    running: usize,
    waiting: usize,
    tenants: HashMap<Tenant, Share<W>>,
    turns: u64,
    /// The number of the last turn of each tenant.
    served: HashMap<Tenant, u64>,
    next_place: u64,
}

/// Slots in use and waiting list of a tenant.
struct Share<W> {
    running: usize,
    line: VecDeque<(u64, W)>,
}

impl<W> Default for Share<W> {
    fn default() -> Self {
        Self {
            running: 0,
            line: VecDeque::new(),
        }
    }
}

/// A place in a tenant's waiting list.
pub(super) struct Place<W> {
    pub(super) number: u64,
    /// Waiter of another tenant that lost its place to this one.
    pub(super) displaced: Option<W>,
}

impl<W> FairScheduler<W> {
    pub(super) fn new(max_running: usize, max_waiting: usize) -> Self {
        Self {
            max_running,
            max_waiting,
            running: 0,
            waiting: 0,
            tenants: HashMap::new(),
            turns: 0,
            served: HashMap::new(),
            next_place: 0,
        }
    }

    /// Number of slots in use, and of requests that wait for one.
    pub(super) fn state(&self) -> (usize, usize) {
        (self.running, self.waiting)
    }

    /// Takes a free slot, if there is one that no request waits for.
    pub(super) fn start(&mut self, tenant: &Tenant) -> bool {
        let free = self.running < self.max_running && self.waiting == 0;
        if free {
            self.run(tenant);
        }
        free
    }

    /// Checks that a request of `tenant` would run or wait. The error is the limit by which it would be refused.
    pub(super) fn check(&self, tenant: &Tenant) -> Result<(), Limit> {
        if self.running < self.max_running {
            return Ok(());
        }
        self.displaced_by(tenant).map(drop)
    }

    /// Waits at the end of the tenant's line.
    pub(super) fn join(&mut self, tenant: &Tenant, waiter: W) -> Result<Place<W>, Limit> {
        let displaced = match self.displaced_by(tenant)? {
            Some(other) => self.take(&other, VecDeque::pop_back),
            None => None,
        };
        let number = self.next_place;
        self.next_place += 1;
        self.waiting += 1;
        let share = self.tenants.entry(tenant.clone()).or_default();
        share.line.push_back((number, waiter));
        Ok(Place { number, displaced })
    }

    /// Leaves the line, unless the place was taken before.
    pub(super) fn leave(&mut self, tenant: &Tenant, number: u64) {
        self.take(tenant, |line| {
            let index = line.iter().position(|(place, _)| *place == number)?;
            line.remove(index)
        });
    }

    /// Gives a free slot to the next waiter.
    pub(super) fn next(&mut self) -> Option<(Tenant, W)> {
        if self.running >= self.max_running {
            return None;
        }
        let last = |tenant: &Tenant| self.served.get(tenant).copied().unwrap_or_default();
        let waiting = self.tenants.iter().filter(|(_, share)| !share.line.is_empty());
        let first = waiting.min_by_key(|(tenant, share)| (share.running, last(tenant)));
        let tenant = first.map(|(tenant, _)| tenant.clone())?;
        let waiter = self.take(&tenant, VecDeque::pop_front)?;
        self.run(&tenant);
        Some((tenant, waiter))
    }

    /// Gives a slot back.
    pub(super) fn ended(&mut self, tenant: &Tenant) {
        if let Some(share) = self.tenants.get_mut(tenant) {
            share.running -= 1;
            self.running -= 1;
        }
        self.forget(tenant);
    }

    /// Waiter that has waited the longest in the tenant's line.
    pub(super) fn eldest(&self, tenant: &Tenant) -> Option<&W> {
        self.tenants.get(tenant)?.line.front().map(|(_, waiter)| waiter)
    }

    fn run(&mut self, tenant: &Tenant) {
        self.running += 1;
        self.tenants.entry(tenant.clone()).or_default().running += 1;
        if self.served.len() >= MAX_REMEMBERED {
            self.served.clear();
        }
        self.turns += 1;
        self.served.insert(tenant.clone(), self.turns);
    }

    /// The tenant that has to give up a place to `tenant`, if one has to.
    fn displaced_by(&self, tenant: &Tenant) -> Result<Option<Tenant>, Limit> {
        if self.waiting < self.max_waiting {
            return Ok(None);
        }
        let own = self.tenants.get(tenant).map_or(0, |share| share.line.len());
        let others = self.tenants.iter();
        let others = others.filter(|(other, share)| *other != tenant && !share.line.is_empty());
        let count = others.clone().count();
        let share = (self.max_waiting / (count + 1)).max(1);
        match others.max_by_key(|(_, share)| share.line.len()) {
            Some((other, longest)) if own < share && longest.line.len() > share => Ok(Some(other.clone())),
            Some(_) if own >= share => Err(Limit::Share),
            _ => Err(Limit::Server),
        }
    }

    fn take(
        &mut self,
        tenant: &Tenant,
        take: impl FnOnce(&mut VecDeque<(u64, W)>) -> Option<(u64, W)>,
    ) -> Option<W> {
        let taken = take(&mut self.tenants.get_mut(tenant)?.line);
        self.waiting -= usize::from(taken.is_some());
        self.forget(tenant);
        taken.map(|(_, waiter)| waiter)
    }

    fn forget(&mut self, tenant: &Tenant) {
        let idle = |share: &Share<W>| share.running == 0 && share.line.is_empty();
        if self.tenants.get(tenant).is_some_and(idle) {
            self.tenants.remove(tenant);
        }
    }
}
