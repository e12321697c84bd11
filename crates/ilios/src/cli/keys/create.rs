use std::time::Duration;

use super::{fault, print_made};
use crate::app::{CreateKey, KeyAdmin};
use crate::model::Scopes;

pub(super) async fn run(
    admin: &KeyAdmin<'_>,
    name: String,
    tenant: Option<String>,
    scopes: Scopes,
    lifetime: Option<Duration>,
    test: bool,
) -> anyhow::Result<()> {
    let create = CreateKey {
        name,
        tenant,
        scopes,
        test,
        lifetime,
    };
    print_made(&admin.create(create).await.map_err(fault)?)
}
