//! Databases of version 2.1: never touched, and brought over whole.

mod cleaned;
mod cut_off;
mod dirty;
mod imported;
mod make;
mod originals;
mod refused;

use std::process::{Command, Output};

/// Variables of a command.
type Environment = Vec<(&'static str, String)>;

fn run(arguments: &[&str], environment: &Environment) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ilios"))
        .args(arguments)
        .env_clear()
        .envs([("PATH", "/usr/local/bin:/usr/bin:/bin"), ("PORT", "0")])
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .output()
        .expect("it runs")
}

fn succeeds(arguments: &[&str], environment: &Environment) -> String {
    let output = run(arguments, environment);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {complaint}");
    String::from_utf8(output.stdout).expect("text")
}

/// The one line by which a command is refused.
fn refused(arguments: &[&str], environment: &Environment) -> String {
    let output = run(arguments, environment);
    let complaint = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {complaint}");
    let lines: Vec<&str> = complaint
        .lines()
        .filter(|line| line.starts_with("ilios: "))
        .collect();
    assert_eq!(lines.len(), 1, "{arguments:?}: {complaint}");
    lines[0].to_owned()
}
