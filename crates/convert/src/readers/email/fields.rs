use mail_parser::{Address, Message};

use super::list::{add_field, open_list};
use crate::ConvertError;
use crate::ir::Builder;

/// Adds the fields of a message that its readers look at, as a list.
pub(super) fn add_fields(message: &Message<'_>, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
    let lists = [
        ("From", message.from()),
        ("Reply-To", message.reply_to()),
        ("To", message.to()),
        ("Cc", message.cc()),
        ("Bcc", message.bcc()),
    ];
    let mut fields: Vec<(&str, String)> = lists
        .into_iter()
        .filter_map(|(name, list)| Some((name, addresses(list?))))
        .filter(|(_, list)| !list.is_empty())
        .collect();
    fields.extend(message.date().map(|date| ("Date", date.to_rfc3339())));
    open_list(builder)?;
    for (name, value) in fields {
        add_field(name, &value, builder)?;
    }
    builder.close()
}

pub(super) fn addresses(list: &Address<'_>) -> String {
    let all = list.iter().filter_map(|addr| {
        let name = addr.name().map(str::trim).filter(|name| !name.is_empty());
        match (name, addr.address()) {
            (Some(name), Some(address)) if name != address => Some(format!("{name} ({address})")),
            (_, Some(address)) => Some(address.to_owned()),
            (name, None) => name.map(str::to_owned),
        }
    });
    let all = all.collect::<Vec<_>>().join(", ");
    all.split_whitespace().collect::<Vec<_>>().join(" ")
}
