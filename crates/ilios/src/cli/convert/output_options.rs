use clap::builder::PossibleValuesParser;
use clap::error::ErrorKind;
use clap::{Arg, ArgMatches, Args, Command, Error, FromArgMatches, value_parser};
use ilios_convert::{OptionValues, OutputOption, WriteOptions};

/// Flags for the options of the outputs, made of their table.
#[derive(Debug, Clone, Default)]
pub(super) struct OutputArguments(pub(super) WriteOptions);

impl Args for OutputArguments {
    fn augment_args(command: Command) -> Command {
        command
            .next_help_heading("Output")
            .args(WriteOptions::TABLE.iter().map(flag))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for OutputArguments {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut arguments = Self::default();
        arguments.update_from_arg_matches(matches)?;
        Ok(arguments)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        for option in WriteOptions::TABLE {
            let value = match option.values {
                OptionValues::Between(..) => matches.get_one::<u32>(option.name).map(u32::to_string),
                OptionValues::OneOf(_) | OptionValues::OneOfOrName(_) => {
                    matches.get_one::<String>(option.name).cloned()
                }
            };
            if let Some(value) = value {
                let set = self.0.set(option.name, &value);
                set.map_err(|takes| {
                    Error::raw(ErrorKind::InvalidValue, format!("--{} {takes}\n", long(option)))
                })?;
            }
        }
        Ok(())
    }
}

fn flag(option: &OutputOption) -> Arg {
    let flag = Arg::new(option.name)
        .long(long(option))
        .value_name(match option.values {
            OptionValues::OneOf(_) | OptionValues::OneOfOrName(_) => "VALUE",
            OptionValues::Between(..) => "N",
        })
        .default_value(option.default_value())
        .help(option.help.replace('`', ""));
    match option.values {
        OptionValues::OneOf(names) => flag.value_parser(PossibleValuesParser::new(names)),
        OptionValues::OneOfOrName(_) => flag,
        OptionValues::Between(least, most) => {
            flag.value_parser(value_parser!(u32).range(i64::from(least)..=i64::from(most)))
        }
    }
}

/// The name of the flag: `pageBreaks` is `page-breaks`.
fn long(option: &OutputOption) -> String {
    let mut name = String::new();
    for letter in option.name.chars() {
        if letter.is_ascii_uppercase() {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}
