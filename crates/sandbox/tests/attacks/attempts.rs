//! The children: each makes one attempt.

use std::fs::File;
use std::io;
use std::net::{TcpListener, UdpSocket};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};
use std::time::Duration;

use ilios_sandbox::ChildChannel;
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};

/// The first argument of a child.
pub(crate) const CHILD: &str = "child";
/// Frame after which a child makes its attempt.
pub(crate) const NOW: &[u8] = b"now";
/// The status of a child whose attempt succeeded.
pub(crate) const SUCCEEDED: u8 = 40;
/// The status of a child whose attempt was refused.
pub(crate) const REFUSED: u8 = 41;

pub(crate) fn run(attempt: &str) -> ExitCode {
    if attempt == "confined already" {
        refuse_filters().expect("a filter");
    }
    let mut channel = match ChildChannel::open() {
        Ok((channel, _)) => channel,
        Err(error) => return ExitCode::from(error.exit_code()),
    };
    // Jobs before the attempt, each answered with the memory at the start and its own frame.
    while let Ok(frame) = channel.receive() {
        match frame.as_slice() {
            NOW => break,
            job => {
                let memory = channel.applied_layers().memory_at_start.unwrap_or(0);
                channel.send(&memory.to_le_bytes()).expect("the parent is there");
                do_job(&String::from_utf8_lossy(job));
                channel.send(job).expect("the parent is there");
            }
        }
    }
    match make(attempt, &mut channel) {
        Ok(()) => ExitCode::from(SUCCEEDED),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(REFUSED)
        }
    }
}

/// Sound work that leaves something behind, or nothing.
fn do_job(job: &str) {
    match job {
        "use memory" => drop(std::hint::black_box(vec![1_u8; 40 << 20])),
        "keep memory" => std::mem::forget(std::hint::black_box(vec![1_u8; 24 << 20])),
        "use time" => {
            let used = || rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
            let start = used();
            while millis(used()) < millis(start) + 600 {
                std::hint::black_box(start);
            }
        }
        "print" => eprintln!("a remark"),
        _ => {}
    }
}

fn millis(time: rustix::time::Timespec) -> i64 {
    time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
}

fn make(attempt: &str, channel: &mut ChildChannel) -> io::Result<()> {
    match attempt {
        "file" => File::open("/etc/passwd").map(drop),
        "write" => write(),
        "tcp" => TcpListener::bind(("127.0.0.1", 0)).map(drop),
        "udp" => UdpSocket::bind(("127.0.0.1", 0)).map(drop),
        "execute" => Err(Command::new("/bin/true").exec()),
        "fork" => loop {
            drop(Command::new("/bin/true").spawn()?);
        },
        "signal" => {
            let parent = rustix::process::getppid().ok_or_else(|| io::Error::other("no parent"))?;
            Ok(rustix::process::test_kill_process(parent)?)
        }
        "namespace" => {
            let not_one = io::stdin();
            Ok(rustix::thread::move_into_link_name_space(
                std::os::fd::AsFd::as_fd(&not_one),
                None,
            )?)
        }
        "allocate" => allocate(),
        "spin" => spin(),
        "spin in threads" => {
            let threads = [(); 2].map(|()| std::thread::Builder::new().spawn(spin));
            for thread in threads {
                drop(thread?.join());
            }
            Ok(())
        }
        "sleep" => loop {
            std::thread::sleep(Duration::from_secs(60));
        },
        "print" => loop {
            eprintln!("{}", "again and again ".repeat(60));
        },
        "answer" => channel.send(&vec![b'a'; 2 << 20]).map_err(io::Error::other),
        "work" => work(),
        "panic" => panic!("a fault of the reader"),
        "abort" => std::process::abort(),
        "recurse" => Err(io::Error::other(recurse(1).to_string())),
        "confined already" => Ok(()),
        other => panic!("{other}"),
    }
}

/// A system that lets no process filter its calls.
fn refuse_filters() -> Result<(), seccompiler::Error> {
    let program = SeccompFilter::new(
        [(libc::SYS_seccomp, Vec::new())].into(),
        SeccompAction::Allow,
        SeccompAction::Errno(libc::EPERM.unsigned_abs()),
        std::env::consts::ARCH.try_into()?,
    )?;
    seccompiler::apply_filter(&BpfProgram::try_from(program)?)
}

fn write() -> io::Result<()> {
    let path = std::env::temp_dir().join(format!("ilios-attempt-{}", std::process::id()));
    let written = File::create(&path).and_then(|mut file| io::Write::write_all(&mut file, b"here"));
    // Only where it could be made.
    let _ = std::fs::remove_file(&path);
    written
}

fn allocate() -> io::Result<()> {
    let mut kept: Vec<Vec<u8>> = Vec::new();
    loop {
        kept.push(vec![1; 1 << 20]);
        // Slow enough to be seen by somebody who looks now and then.
        std::thread::sleep(Duration::from_millis(1));
        std::hint::black_box(&kept);
    }
}

fn spin() -> io::Result<()> {
    let mut turns = 0_u64;
    loop {
        turns = std::hint::black_box(turns.wrapping_add(1));
    }
}

#[expect(
    unconditional_recursion,
    reason = "it is what a hostile document makes of a careless reader"
)]
fn recurse(depth: u64) -> u64 {
    let depth = std::hint::black_box([depth; 64]);
    recurse(depth[0] + 1) + depth[1]
}

/// Threads, much memory that comes and goes, chance and time: what libraries do.
fn work() -> io::Result<()> {
    let threads: Vec<_> = (0..8)
        .map(|number| {
            std::thread::Builder::new()
                .name(format!("worker {number}"))
                .spawn(move || {
                    let mut sum = 0;
                    for size in 1..200_usize {
                        let mut bytes = vec![7_u8; size << 10];
                        bytes.resize(size << 11, 1);
                        bytes.shrink_to_fit();
                        sum += std::hint::black_box(bytes).len();
                    }
                    sum
                })
        })
        .collect::<io::Result<_>>()?;
    for thread in threads {
        thread.join().map_err(|_| io::Error::other("a thread died"))?;
    }
    let large = std::hint::black_box(vec![3_u8; 150 << 20]);
    let known: std::collections::HashMap<usize, u8> = large.iter().copied().enumerate().take(1000).collect();
    assert_eq!(known.len(), 1000);
    assert!(std::time::Instant::now().elapsed() < Duration::from_secs(1));
    std::thread::sleep(Duration::from_millis(1));
    Ok(())
}
