//! Landlock: the process gives up every path, TCP port, abstract socket and the right to signal other processes.
//! Descriptors that are open already stay usable, which is how a child keeps its input and its channel.

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetStatus, Scope,
};

/// Newest rule set in use; an older kernel applies the part of it that it knows.
const NEWEST_ABI: ABI = ABI::V6;

pub(crate) fn restrict() -> Result<(), String> {
    let status = ruleset().map_err(|error| error.to_string())?;
    match status {
        // Rules for files exist since the first ABI, so a partial status still denies every path.
        RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced => Ok(()),
        RulesetStatus::NotEnforced => Err("the kernel does not offer Landlock".into()),
    }
}

fn ruleset() -> Result<RulesetStatus, landlock::RulesetError> {
    let restricted = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(NEWEST_ABI))?
        .handle_access(AccessNet::from_all(NEWEST_ABI))?
        .scope(Scope::from_all(NEWEST_ABI))?
        .create()?
        .restrict_self()?;
    Ok(restricted.ruleset)
}
