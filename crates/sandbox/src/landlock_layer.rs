//! Landlock: the process gives up all paths, TCP ports, abstract sockets and signals to others. What it has
//! open stays usable.

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetStatus, Scope,
};

/// The newest rules that we know; the kernel takes those that it knows too.
const NEWEST: ABI = ABI::V6;

pub(crate) fn restrict() -> Result<(), String> {
    let status = ruleset().map_err(|error| error.to_string())?;
    match status {
        // An older kernel lacks newer rules; files are part of the oldest.
        RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced => Ok(()),
        RulesetStatus::NotEnforced => Err("the kernel does not offer Landlock".into()),
    }
}

fn ruleset() -> Result<RulesetStatus, landlock::RulesetError> {
    let restricted = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?
        .create()?
        .restrict_self()?;
    Ok(restricted.ruleset)
}
