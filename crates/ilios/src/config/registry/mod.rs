//! The one registry of environment variables, in the order of the documentation.

mod client;
mod conversion;
mod database;
mod edge;
mod engines;
mod objects;
mod operation;

/// One environment variable.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// Its value when unset, as written in the documentation.
    pub default: &'static str,
    /// Values that it takes, in words that complete "takes …".
    pub takes: &'static str,
    /// Description of its effect.
    pub about: &'static str,
    /// True if its value must never be shown. It may then be in a file of its own, which `NAME_FILE` names.
    pub secret: bool,
    /// True if a blank value is a fault rather than the same as none: with the default, others would get in, or data
    /// would be unencrypted or in another place.
    pub never_blank: bool,
}

const fn variable(
    name: &'static str,
    default: &'static str,
    takes: &'static str,
    about: &'static str,
) -> Variable {
    Variable {
        name,
        default,
        takes,
        about,
        secret: false,
        never_blank: false,
    }
}

impl Variable {
    const fn secret(self) -> Self {
        Self { secret: true, ..self }
    }

    const fn never_blank(self) -> Self {
        Self {
            never_blank: true,
            ..self
        }
    }
}

/// Every variable that the program knows, in the order of the documentation.
pub fn variables() -> impl Iterator<Item = &'static Variable> {
    [
        edge::VARIABLES,
        conversion::VARIABLES,
        operation::VARIABLES,
        database::VARIABLES,
        engines::VARIABLES,
        objects::VARIABLES,
        client::VARIABLES,
    ]
    .into_iter()
    .flatten()
}
