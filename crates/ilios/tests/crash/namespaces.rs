//! Network namespaces of Linux, in which a node can be cut off from a service for real: packets that are swallowed, one
//! way or both.

use std::process::Command;

/// A network of its own, with one way to this machine's. Needs root. Gone when it is dropped.
pub(crate) struct Namespace {
    name: String,
    /// The address of this machine, seen from inside.
    pub(crate) outside: String,
    /// The address of the namespace, seen from this machine.
    pub(crate) inside: String,
}

/// What is swallowed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cut {
    /// What the node sends.
    Out,
    /// What is sent to the node.
    In,
    /// Both.
    All,
}

impl Namespace {
    /// The namespace numbered `number` of this process.
    pub(crate) fn new(number: u32) -> Self {
        let process = std::process::id();
        let name = format!("ilios-{process}-{number}");
        let (near, far) = (format!("il{process}n{number}"), format!("il{process}f{number}"));
        // A network of four addresses, which another process hardly has too.
        let block = (process % 4_000) * 16 + number * 4;
        let address = |host: u32| format!("10.231.{}.{}", block / 256, block % 256 + host);
        let namespace = Self {
            name: name.clone(),
            outside: address(1),
            inside: address(2),
        };
        run("ip", &["netns", "add", &name]);
        run(
            "ip",
            &[
                "link", "add", &near, "type", "veth", "peer", "name", &far, "netns", &name,
            ],
        );
        run(
            "ip",
            &["addr", "add", &format!("{}/30", namespace.outside), "dev", &near],
        );
        run("ip", &["link", "set", &near, "up"]);
        run(
            "ip",
            &[
                "-n",
                &name,
                "addr",
                "add",
                &format!("{}/30", namespace.inside),
                "dev",
                &far,
            ],
        );
        run("ip", &["-n", &name, "link", "set", &far, "up"]);
        run("ip", &["-n", &name, "link", "set", "lo", "up"]);
        namespace
    }

    /// A command that runs `program` inside, as the same process.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name, program]);
        command
    }

    /// Swallows what goes to or comes from a port of this machine.
    pub(crate) fn cut(&self, port: u16, cut: Cut) {
        let mut rules = String::from("add table inet cut\n");
        if matches!(cut, Cut::Out | Cut::All) {
            rules += "add chain inet cut out { type filter hook output priority 0; }\n";
            rules += &format!("add rule inet cut out tcp dport {port} drop\n");
        }
        if matches!(cut, Cut::In | Cut::All) {
            rules += "add chain inet cut in { type filter hook input priority 0; }\n";
            rules += &format!("add rule inet cut in tcp sport {port} drop\n");
        }
        run("ip", &["netns", "exec", &self.name, "nft", &rules]);
    }

    /// Lets everything pass again.
    pub(crate) fn heal(&self) {
        run(
            "ip",
            &["netns", "exec", &self.name, "nft", "delete table inet cut"],
        );
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // Its half of the link goes with it, and the other half with that one.
        let _ = Command::new("ip").args(["netns", "del", &self.name]).status();
    }
}

fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output();
    let output =
        output.unwrap_or_else(|error| panic!("{program}: {error}; run scripts/install-test-packages.sh"));
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {complaint}");
}
