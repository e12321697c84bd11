//! Lists in frames. What a child sends is limited in items, and types whose own form leaves fields out, as JSON can, have
//! another one.

use std::fmt;
use std::marker::PhantomData;

use ilios_convert::Warning;
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// The most items of a list: more than a document may have pages.
pub(super) const MAX_ITEMS: usize = 1 << 20;

/// The fields of a [`Warning`].
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WarningFields {
    page: Option<u32>,
    message: String,
}

impl From<&Warning> for WarningFields {
    fn from(warning: &Warning) -> Self {
        Self {
            page: warning.page,
            message: warning.message.clone(),
        }
    }
}

impl From<WarningFields> for Warning {
    fn from(WarningFields { page, message }: WarningFields) -> Self {
        Self { page, message }
    }
}

/// Form of a list of [`Warning`].
pub(super) mod warning_list {
    use ilios_convert::Warning;
    use serde::{Deserializer, Serializer};

    use super::{WarningFields, bounded};

    pub(in crate::engine) fn serialize<S: Serializer>(
        list: &[Warning],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(list.iter().map(WarningFields::from))
    }

    pub(in crate::engine) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Warning>, D::Error> {
        let list: Vec<WarningFields> = bounded(deserializer)?;
        Ok(list.into_iter().map(Warning::from).collect())
    }
}

/// Fields of an [`AttachedFile`].
#[derive(Debug, Serialize, Deserialize)]
struct AttachedFileFields {
    name: String,
    mime_type: Option<String>,
    size: Option<u64>,
}

/// Form of a list of [`AttachedFile`].
pub(super) mod attachment_list {
    use ilios_convert::AttachedFile;
    use serde::{Deserializer, Serializer};

    use super::{AttachedFileFields, bounded};

    pub(in crate::engine) fn serialize<S: Serializer>(
        list: &[AttachedFile],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(list.iter().map(|file| AttachedFileFields {
            name: file.name.clone(),
            mime_type: file.mime_type.clone(),
            size: file.size,
        }))
    }

    pub(in crate::engine) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<AttachedFile>, D::Error> {
        let list: Vec<AttachedFileFields> = bounded(deserializer)?;
        let files = list.into_iter().map(|file| AttachedFile {
            name: file.name,
            mime_type: file.mime_type,
            size: file.size,
        });
        Ok(files.collect())
    }
}

/// Reads a list of at most [`MAX_ITEMS`].
pub(super) fn bounded<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    struct Items<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Items<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "at most {MAX_ITEMS} items")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
            let mut list = Vec::new();
            while let Some(item) = items.next_element()? {
                if list.len() == MAX_ITEMS {
                    return Err(A::Error::invalid_length(MAX_ITEMS + 1, &self));
                }
                list.push(item);
            }
            Ok(list)
        }
    }

    deserializer.deserialize_seq(Items(PhantomData))
}
