use std::io::IsTerminal;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::archive::Original;
use crate::objects::{ObjectKey, Objects, ObjectsError};
use crate::spool::Spool;

/// A bar on a terminal for `steps` of `what`.
pub(super) fn bar(what: &'static str, steps: u64) -> ProgressBar {
    let target = if std::io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(Some(steps), target).with_message(what);
    if let Ok(style) = ProgressStyle::with_template("{msg:10} {bar:30} {pos}/{len} {elapsed} left {eta}") {
        bar.set_style(style);
    }
    bar
}

/// Brings an original to `to` and reads it back; one that is there whole is left as it is. Answers its SHA-256,
/// `None` when there is no such original.
pub(super) async fn carry(
    from: &Objects,
    to: &Objects,
    spool: &Spool,
    original: &Original,
) -> anyhow::Result<Option<String>> {
    let key: ObjectKey = original.key.parse().with_context(|| original.key.clone())?;
    let expected = Some(original.sha256.as_str()).filter(|hash| !hash.is_empty());
    if let Some(expected) = expected
        && to.size(&key).await?.is_some()
    {
        match to.fetch(&key, spool, Some(expected)).await {
            Ok(_) => return Ok(Some(expected.to_owned())),
            // Of an earlier try: it is written anew.
            Err(ObjectsError::Corrupt | ObjectsError::NotFound) => {}
            Err(error) => return Err(error).with_context(|| original.key.clone()),
        }
    }
    let file = match from.fetch(&key, spool, expected).await {
        Ok(file) => file,
        Err(ObjectsError::NotFound) => return Ok(None),
        Err(error) => return Err(error).with_context(|| original.key.clone()),
    };
    let sha256 = file.sha256().to_owned();
    to.put(&key, &file, &original.mime_type).await?;
    let kept = to.fetch(&key, spool, Some(&sha256)).await;
    kept.with_context(|| format!("{}: read back", original.key))?;
    Ok(Some(sha256))
}
