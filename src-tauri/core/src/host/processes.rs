//! The processes above a process: who asked for a decision on the command line.
//!
//! Linux reads `/proc`. macOS and Windows tell nothing without a library that is not part of this program yet: the
//! chain is empty there, and a decision must then be treated as of unknown origin, not as a person's.

use std::path::Path;
use std::path::PathBuf;

/// Processes listed at most.
const MAX_ANCESTORS: usize = 32;

/// One process, as the system names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    pub pid: u32,
    /// The short name (at most 15 bytes on Linux), which a process may change.
    pub name: String,
    /// The program file; `None` where it may not be read.
    pub exe: Option<PathBuf>,
    /// The program and its first argument that is no option: enough to know `node …/claude` by. May hold what a user
    /// typed, so it is for comparing, not for keeping.
    pub words: Vec<String>,
}

/// Returns the ancestors of a process from its parent upwards, as far as they can be told.
pub fn ancestry(pid: u32) -> Vec<Process> {
    if cfg!(target_os = "linux") { ancestry_in(Path::new("/proc"), pid) } else { Vec::new() }
}

fn ancestry_in(proc: &Path, pid: u32) -> Vec<Process> {
    let mut chain: Vec<Process> = Vec::new();
    let Some(mut below) = Stat::read(proc, pid) else { return chain };
    while chain.len() < MAX_ANCESTORS {
        let parent = below.parent;
        if parent == 0 || parent == pid || chain.iter().any(|process| process.pid == parent) {
            break;
        }
        let Some(stat) = Stat::read(proc, parent) else { break };
        // A parent that is younger than its child is a stranger that got the number since.
        if stat.started > below.started {
            break;
        }
        let folder = proc.join(parent.to_string());
        chain.push(Process {
            pid: parent,
            name: stat.name.clone(),
            exe: std::fs::read_link(folder.join("exe")).ok(),
            words: words(&std::fs::read(folder.join("cmdline")).unwrap_or_default()),
        });
        below = stat;
    }
    chain
}

/// The fields of `/proc/<pid>/stat` that matter.
#[derive(Debug, PartialEq, Eq)]
struct Stat {
    name: String,
    parent: u32,
    /// Ticks since the system started.
    started: u64,
}

impl Stat {
    fn read(proc: &Path, pid: u32) -> Option<Self> {
        Self::parse(&String::from_utf8_lossy(&std::fs::read(proc.join(pid.to_string()).join("stat")).ok()?))
    }

    /// The name stands in parentheses and may hold parentheses, spaces and line ends itself.
    fn parse(stat: &str) -> Option<Self> {
        let (head, tail) = stat.rsplit_once(')')?;
        let (_, name) = head.split_once('(')?;
        let fields: Vec<&str> = tail.split_ascii_whitespace().collect();
        Some(Self {
            name: name.to_owned(),
            parent: fields.get(1)?.parse().ok()?,
            started: fields.get(19)?.parse().ok()?,
        })
    }
}

fn words(cmdline: &[u8]) -> Vec<String> {
    let mut words = cmdline.split(|byte| *byte == 0).filter(|word| !word.is_empty());
    let program = words.next();
    let argument = words.find(|word| !word.starts_with(b"-"));
    program.into_iter().chain(argument).map(|word| String::from_utf8_lossy(word).into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAIL: &str = "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0";

    /// Lays out processes as (pid, parent, start, name, command line) and compares the pids and words found.
    fn check(processes: &[(u32, u32, u64, &str, &str)], pid: u32, expect: &[(u32, &str, &[&str])]) {
        let temp = tempfile::tempdir().expect("temp");
        for (pid, parent, started, name, cmdline) in processes {
            let folder = temp.path().join(pid.to_string());
            std::fs::create_dir(&folder).expect("made");
            let stat = format!("{pid} ({name}) S {parent} {TAIL} {started} 0\n");
            std::fs::write(folder.join("stat"), stat).expect("written");
            std::fs::write(folder.join("cmdline"), cmdline).expect("written");
        }
        let found = ancestry_in(temp.path(), pid);
        let found: Vec<(u32, &str, Vec<&str>)> =
            found.iter().map(|p| (p.pid, p.name.as_str(), p.words.iter().map(String::as_str).collect())).collect();
        let expect: Vec<(u32, &str, Vec<&str>)> = expect.iter().map(|(p, n, w)| (*p, *n, w.to_vec())).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn chains_end_where_they_cannot_be_told() {
        check(
            &[
                (40, 30, 9, "gatehouse", "gatehouse\0approve\0"),
                (30, 20, 8, "sh", "/bin/sh\0-c\0gatehouse approve x\0"),
                (20, 1, 7, "node", "node\0--no-warnings\0/usr/bin/claude\0--token=x\0"),
                (1, 0, 0, "init", ""),
            ],
            40,
            &[
                (30, "sh", &["/bin/sh", "gatehouse approve x"]),
                (20, "node", &["node", "/usr/bin/claude"]),
                (1, "init", &[]),
            ],
        );
        check(&[(40, 30, 9, "a) S 1 (b", ""), (30, 0, 1, "x\ny (z)", "x\0")], 40, &[(30, "x\ny (z)", &["x"])]);
        check(&[(40, 30, 9, "a", ""), (30, 40, 9, "b", "")], 40, &[(30, "b", &[])]);
        check(
            &[(40, 30, 9, "a", ""), (30, 20, 9, "b", ""), (20, 30, 9, "c", "")],
            40,
            &[(30, "b", &[]), (20, "c", &[])],
        );
        check(&[(40, 30, 9, "a", ""), (30, 1, 10, "younger", "")], 40, &[]);
        check(&[(40, 30, 9, "a", "")], 40, &[]);
        check(&[], 40, &[]);
    }

    #[test]
    fn a_chain_has_a_bound() {
        let processes: Vec<_> = (1..=100).map(|pid| (pid, pid - 1, u64::from(pid), "p", "")).collect();
        let expect: Vec<_> = (68..=99).rev().map(|pid| (pid, "p", &[] as &[&str])).collect();
        check(&processes, 100, &expect);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_has_a_parent() {
        let chain = ancestry(std::process::id());
        assert_eq!(chain.first().map(|process| process.pid), Some(std::os::unix::process::parent_id()));
        assert!(chain.iter().all(|process| !process.name.is_empty()));
    }
}
