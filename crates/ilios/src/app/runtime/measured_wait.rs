use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use crate::model::Tenant;

/// Waits that are remembered.
const MAX_SAMPLES: usize = 64;
/// For how long they say something of the present.
const WINDOW: Duration = Duration::from_secs(60);

/// Recent waits for a slot and times that slots were held, from which the retry delay of refused requests is estimated.
#[derive(Default)]
pub(super) struct MeasuredWait {
    waits: VecDeque<(Instant, Tenant, Duration)>,
    held: VecDeque<(Instant, Duration)>,
}

impl MeasuredWait {
    /// Notes that a request of `tenant` got its turn, or gave up, after `wait`.
    pub(super) fn waited(&mut self, tenant: &Tenant, wait: Duration) {
        push(&mut self.waits, (Instant::now(), tenant.clone(), wait));
    }

    /// Records for how long a slot was held.
    pub(super) fn held(&mut self, span: Duration) {
        push(&mut self.held, (Instant::now(), span));
    }

    /// Expected wait of a request of `tenant`: the mean of its own recent waits, else of those of all tenants, else
    /// `waits`, the time that its eldest request has waited so far, else the mean time that slots are held; zero when
    /// none of them is known.
    pub(super) fn expected(&self, tenant: &Tenant, waits: Option<Duration>) -> Duration {
        let recent = |moment: &Instant| moment.elapsed() < WINDOW;
        let all = || self.waits.iter().filter(|(moment, ..)| recent(moment));
        let own = mean(
            all()
                .filter(|(_, whose, _)| whose == tenant)
                .map(|(.., wait)| *wait),
        );
        let held = self.held.iter().filter(|(moment, _)| recent(moment));
        own.or_else(|| mean(all().map(|(.., wait)| *wait)))
            .or(waits)
            .or_else(|| mean(held.map(|(_, span)| *span)))
            .unwrap_or_default()
    }
}

fn push<T>(ring: &mut VecDeque<T>, entry: T) {
    if ring.len() >= MAX_SAMPLES {
        ring.pop_front();
    }
    ring.push_back(entry);
}

fn mean(spans: impl Iterator<Item = Duration>) -> Option<Duration> {
    let (total, count) = spans.fold((Duration::ZERO, 0_u32), |(total, count), span| {
        (total.saturating_add(span), count + 1)
    });
    (count > 0).then(|| total / count.max(1))
}
