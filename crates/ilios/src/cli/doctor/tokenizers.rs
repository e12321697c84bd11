use super::Finding::{self, Bad, Good};
use crate::config::Config;
use crate::engine::tokenizers::{Tokenizers, load};

/// Reads every tokenizer that chunks may be measured by.
pub(super) fn tokenizers(config: &Config) -> Finding {
    let Some(folder) = &config.tokenizers else {
        return Good("cl100k_base and o200k_base (TOKENIZERS_DIR names a folder with others)".into());
    };
    let shown = folder.display();
    let names = match Tokenizers::new(Some(folder.clone())).names() {
        Ok(names) => names,
        Err(error) => return Bad(format!("TOKENIZERS_DIR {shown}: {error}")),
    };
    let (mut usable, mut faults) = (Vec::new(), Vec::new());
    for name in names {
        match load(folder, &name) {
            Ok(_) => usable.push(name.to_string()),
            Err(reason) => faults.push(format!("{name}: {reason}")),
        }
    }
    if !faults.is_empty() {
        return Bad(format!("in {shown}: {}", faults.join("; ")));
    }
    match usable.is_empty() {
        true => Bad(format!(
            "{shown} has none: NAME.json or NAME/tokenizer.json is looked for"
        )),
        false => Good(format!("{} in {shown}", usable.join(", "))),
    }
}
