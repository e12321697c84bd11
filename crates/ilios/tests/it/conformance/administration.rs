//! Views of administrators: nodes, and the usage of all tenants.

use std::time::Duration;

use ilios::model::Timestamp;
use ilios::store::{Node, TimeRange, UsageKey};

use super::backend::Backend;
use super::make::{Bench, tenant};

/// Age up to which a node counts as there.
const MINUTE: Duration = Duration::from_secs(60);

fn node(id: &str, host: &str) -> Node {
    Node {
        id: id.to_owned(),
        host: host.to_owned(),
        role: "all".to_owned(),
        workers: 2,
        version: "3.0.0".to_owned(),
    }
}

pub(super) async fn a_node_is_noted_until_it_ends_or_is_silent(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let note = async |id: &str, host: &str| {
        let noted = bench.store.note_node(node(id, host)).await;
        noted.expect("it is noted");
    };
    let nodes = async || bench.store.nodes(MINUTE).await.expect("the nodes");
    let started = bench.now();
    note("worker", "b").await;
    note("other", "a").await;
    bench.submit().await;
    bench.submit().await;
    bench.claim().await;
    let found = nodes().await;
    let told: Vec<_> = found
        .iter()
        .map(|seen| (&*seen.node.host, seen.processing))
        .collect();
    assert_eq!(told, [("a", 0), ("b", 1)]);
    assert_eq!(found[1].node, node("worker", "b"));
    assert_eq!((found[0].oldest_due, found[1].oldest_due.is_some()), (None, true));
    bench.time.pass(Duration::from_secs(50));
    note("worker", "b").await;
    bench.time.pass(Duration::from_secs(50));
    let found = nodes().await;
    assert_eq!(found.len(), 1, "the other is silent: {found:?}");
    assert_eq!(found[0].started_at, started);
    assert_eq!(found[0].seen_at, started.plus(Duration::from_secs(50)));
    bench.store.forget_node("worker").await.expect("it is forgotten");
    assert_eq!(nodes().await, []);
}

pub(super) async fn usage_of_all_tenants_is_summed_up_by_what_is_asked(backend: impl Backend) {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let bench = Bench::new(&backend).await;
    let other = tenant("b");
    let convert = async |tenant, count: u32| {
        for _ in 0..count {
            bench.submit_as(tenant, 5).await;
            let job = bench.claim_job().await;
            let outcome = super::make::completed(&bench.ids, tenant, &job.lease.document, bench.now());
            bench.finish(&job.lease, outcome).await;
        }
    };
    let sums = async |key, range: TimeRange, limit| -> Vec<(String, u64)> {
        let found = bench.store.usage_of_all(key, range, limit).await.expect("sums");
        found.into_iter().map(|(name, sums)| (name, sums.pages)).collect()
    };
    let all = TimeRange::default();
    assert_eq!(sums(UsageKey::Tenant, all, 9).await, []);
    convert(&bench.tenant, 1).await;
    convert(&other, 3).await;
    let first = bench.now();
    bench.time.pass(DAY);
    convert(&bench.tenant, 1).await;
    let short = |tenant: &ilios::model::Tenant| tenant.short().to_owned();
    let tenants = [(short(&other), 3), (short(&bench.tenant), 2)];
    assert_eq!(sums(UsageKey::Tenant, all, 9).await, tenants);
    assert_eq!(sums(UsageKey::Tenant, all, 1).await, tenants[..1]);
    let later = TimeRange {
        from: Some(first.plus(DAY / 2)),
        to: None,
    };
    assert_eq!(
        sums(UsageKey::Tenant, later, 9).await,
        [(short(&bench.tenant), 1)]
    );
    let date = |moment: Timestamp| moment.to_string()[..10].to_owned();
    let days = [(date(first), 4), (date(bench.now()), 1)];
    assert_eq!(sums(UsageKey::Day, all, 9).await, days);
    for (key, name) in [
        (UsageKey::Engine, "local"),
        (UsageKey::Model, "none"),
        (UsageKey::Operation, "convert"),
    ] {
        assert_eq!(sums(key, all, 9).await, [(name.to_owned(), 5)], "{key:?}");
    }
}
