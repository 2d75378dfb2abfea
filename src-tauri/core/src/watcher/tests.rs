//! Real folders and real events. "Nothing" is told by a sentinel: a second config file that is written last.

use super::*;
use std::fs;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::channel;
use std::time::Duration;

use tempfile::TempDir;

use crate::host::Names;

/// A bound on how long an event may take, not a wait.
const BOUND: Duration = Duration::from_secs(20);

struct Scene {
    temp: TempDir,
    watcher: Watcher,
    signals: Receiver<Signal>,
}

impl Scene {
    /// Makes the folders, watches the files (and the sentinel) of a fresh root.
    fn new(prepare: impl Fn(&Path), files: &[&str]) -> Self {
        let temp = tempfile::tempdir().expect("temp");
        fs::create_dir(temp.path().join("sentinel")).expect("made");
        prepare(temp.path());
        let (sender, signals) = channel();
        let mut watcher = Watcher::new(move |signal| drop(sender.send(signal))).expect("a watcher");
        let all = files.iter().chain(&["sentinel/file"]).map(|file| temp.path().join(file)).collect();
        assert_eq!(watcher.set_files(&all, &Listed::new()), all, "all are new");
        assert_eq!(watcher.set_files(&all, &Listed::new()), BTreeSet::new(), "none is new");
        Self { temp, watcher, signals }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.temp.path().join(path)
    }

    /// Everything told up to the sentinel, refreshing whenever asked; files to look at count as `look`.
    fn told(&mut self) -> BTreeSet<String> {
        let sentinel = self.at("sentinel/file");
        fs::write(&sentinel, "x").expect("written");
        let mut told = BTreeSet::new();
        loop {
            match self.signals.recv_timeout(BOUND).expect("the sentinel comes") {
                Signal::Touched { path, .. } if path == sentinel => break,
                Signal::Touched { path, kind } => drop(told.insert(format!("{kind:?} {}", self.name(&path)))),
                Signal::OldFile { path, kind } => drop(told.insert(format!("Old {kind:?} {}", self.name(&path)))),
                Signal::Rescan(_) => {
                    for path in self.watcher.refresh() {
                        told.insert(format!("look {}", self.name(&path)));
                    }
                }
                other => drop(told.insert(format!("{other:?}"))),
            }
        }
        // Whatever the sentinel had still to say must not meet the next question.
        fs::remove_file(&sentinel).expect("removed");
        loop {
            match self.signals.recv_timeout(BOUND).expect("the end of the sentinel") {
                Signal::Touched { path, kind: Touch::Renamed } if path == sentinel => break,
                _ => {}
            }
        }
        told
    }

    fn name(&self, path: &Path) -> String {
        path.strip_prefix(self.temp.path()).expect("inside").display().to_string()
    }

    /// Does something and compares what is told of it.
    fn check(&mut self, act: impl FnOnce(&Path), expect: &[&str]) {
        act(self.temp.path());
        let told = self.told();
        assert_eq!(told.iter().map(String::as_str).collect::<Vec<_>>(), expect);
    }

    /// Does something and demands at least this.
    fn check_has(&mut self, act: impl FnOnce(&Path), expect: &str) {
        act(self.temp.path());
        let told = self.told();
        assert!(told.contains(expect), "{expect:?} is in {told:?}");
    }
}

fn made(root: &Path, path: &str, text: &str) {
    fs::create_dir_all(root.join(path).parent().expect("has a parent")).expect("folder made");
    fs::write(root.join(path), text).expect("written");
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_is_there() {
    use std::io::Write as _;
    use std::os::unix::fs::PermissionsExt as _;

    let mut scene = Scene::new(|root| made(root, "c/mcp.json", "{}"), &["c/mcp.json"]);
    scene.check(
        |root| {
            made(root, "c/new", "{}");
            fs::rename(root.join("c/new"), root.join("c/mcp.json")).expect("renamed");
        },
        &["Renamed c/mcp.json"],
    );
    scene.check(|root| made(root, "c/mcp.json", "{ }"), &["Closed c/mcp.json", "Written c/mcp.json"]);
    let mut open = fs::OpenOptions::new().append(true).open(scene.at("c/mcp.json")).expect("opened");
    scene.check(|_| open.write_all(b" ").expect("written"), &["Written c/mcp.json"]);
    scene.check(|_| drop(open), &["Closed c/mcp.json"]);
    scene.check(|root| fs::remove_file(root.join("c/mcp.json")).expect("removed"), &["Renamed c/mcp.json"]);
    scene.check(
        |root| made(root, "c/mcp.json", "{}"),
        &["Closed c/mcp.json", "Renamed c/mcp.json", "Written c/mcp.json"],
    );
    let mode = |mode| {
        move |root: &Path| {
            fs::set_permissions(root.join("c/mcp.json"), fs::Permissions::from_mode(mode)).expect("set");
        }
    };
    scene.check(mode(0o600), &["Closed c/mcp.json"]);
    scene.check(mode(0o600), &[]);
}

#[cfg(target_os = "linux")]
#[test]
fn reads_times_and_strangers_say_nothing() {
    let mut scene = Scene::new(|root| made(root, "c/mcp.json", "{}"), &["c/mcp.json"]);
    scene.check(
        |root| {
            for _ in 0..100 {
                fs::read(root.join("c/mcp.json")).expect("read");
                assert_eq!(fs::read_dir(root.join("c")).expect("listed").count(), 1);
            }
        },
        &[],
    );
    scene.check(
        |root| {
            let file = fs::File::open(root.join("c/mcp.json")).expect("opened");
            let past = std::time::SystemTime::UNIX_EPOCH;
            file.set_times(fs::FileTimes::new().set_accessed(past).set_modified(past)).expect("set");
            fs::hard_link(root.join("c/mcp.json"), root.join("c/second")).expect("linked");
        },
        &[],
    );
}

#[test]
fn ten_thousand_strangers_in_the_folder() {
    let mut scene = Scene::new(|root| made(root, "c/mcp.json", "{}"), &["c/mcp.json"]);
    // In parts, so that the queue of the system (16,384 events) cannot run over: that would rightly ask for a look.
    for part in 0..10 {
        scene.check(
            |root| {
                for n in 0..1_000 {
                    fs::write(root.join(format!("c/mcp.json.{part}.{n}")), "x").expect("written");
                }
            },
            &[],
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_old_file_of_an_exchange_is_told_apart() {
    let old = "c/.mcp.json.gatehouse-0123abcd~";
    let mut scene = Scene::new(
        |root| {
            made(root, "c/mcp.json", "{}");
            made(root, old, "{}");
            made(root, "d/other", "");
        },
        &["c/mcp.json"],
    );
    scene.check(
        |root| {
            made(root, old, "late");
            made(root, "d/.mcp.json.gatehouse-0123abcd~", "no config file here");
            made(root, "c/.mcp.json.gatehouse-0123~", "no name of ours");
        },
        &["Old Closed c/.mcp.json.gatehouse-0123abcd~", "Old Written c/.mcp.json.gatehouse-0123abcd~"],
    );
}

#[test]
fn a_folder_that_goes_and_comes_back() {
    let mut scene = Scene::new(|root| made(root, "h/c/mcp.json", "{}"), &["h/c/mcp.json"]);
    for _ in 0..20 {
        scene.check_has(|root| fs::remove_dir_all(root.join("h/c")).expect("removed"), "look h/c/mcp.json");
        scene.check_has(|root| made(root, "h/c/mcp.json", "{}"), "look h/c/mcp.json");
        scene.check_has(|root| made(root, "h/c/mcp.json", "{ }"), "Written h/c/mcp.json");
        // Gone and back before anybody looks.
        scene.check_has(
            |root| {
                fs::remove_dir_all(root.join("h/c")).expect("removed");
                made(root, "h/c/mcp.json", "{}");
            },
            "look h/c/mcp.json",
        );
        scene.check_has(|root| made(root, "h/c/mcp.json", "{ }"), "Written h/c/mcp.json");
    }
}

#[test]
fn a_folder_on_the_way_that_is_moved_off() {
    let mut scene = Scene::new(|root| made(root, "h/src/p/.mcp.json", "{}"), &["h/src/p/.mcp.json"]);
    scene
        .check_has(|root| fs::rename(root.join("h/src"), root.join("h/old")).expect("moved"), "look h/src/p/.mcp.json");
    scene.check(|root| made(root, "h/old/p/.mcp.json", "{ }"), &[]);
    scene.check_has(|root| made(root, "h/src/p/.mcp.json", "{}"), "look h/src/p/.mcp.json");
    scene.check_has(|root| made(root, "h/src/p/.mcp.json", "{ }"), "Written h/src/p/.mcp.json");
    // Replaced by another folder in one step.
    scene.check_has(
        |root| {
            fs::rename(root.join("h/src"), root.join("h/third")).expect("moved");
            fs::rename(root.join("h/old"), root.join("h/src")).expect("moved");
        },
        "look h/src/p/.mcp.json",
    );
    scene.check_has(|root| made(root, "h/src/p/.mcp.json", "{ }"), "Written h/src/p/.mcp.json");
}

/// `notify` drops all watches below a folder that is moved.
#[test]
fn a_folder_on_the_way_that_is_moved_off_and_back_before_anybody_looks() {
    let mut scene = Scene::new(|root| made(root, "h/src/p/c/mcp.json", "{}"), &["h/src/p/c/mcp.json"]);
    for folder in ["h/src", "h/src/p", "h/src/p/c"] {
        scene.check_has(
            |root| {
                fs::rename(root.join(folder), root.join("away")).expect("moved");
                fs::rename(root.join("away"), root.join(folder)).expect("moved back");
            },
            "look h/src/p/c/mcp.json",
        );
        scene.check_has(|root| made(root, "h/src/p/c/mcp.json", "{ }"), "Written h/src/p/c/mcp.json");
    }
}

#[test]
fn a_missing_tree_that_is_made_at_once() {
    let mut scene = Scene::new(|root| made(root, "h/other", ""), &["h/a/b/c/mcp.json"]);
    for round in 0..200 {
        made(scene.temp.path(), "h/a/b/c/mcp.json", "{}");
        let found = wait(&scene.signals, &mut scene.watcher, |path| path.exists());
        assert!(found, "round {round}: made");
        fs::remove_dir_all(scene.at("h/a")).expect("removed");
        let gone = wait(&scene.signals, &mut scene.watcher, |path| !path.exists());
        assert!(gone, "round {round}: removed");
    }
}

/// Looks at what is told until a look finds what is wanted.
fn wait(signals: &Receiver<Signal>, watcher: &mut Watcher, wanted: impl Fn(&Path) -> bool) -> bool {
    while let Ok(signal) = signals.recv_timeout(BOUND) {
        let looks = match signal {
            Signal::Touched { path, .. } => BTreeSet::from([path]),
            Signal::Rescan(_) => watcher.refresh(),
            _ => BTreeSet::new(),
        };
        if looks.iter().any(|path| path.ends_with("mcp.json") && wanted(path)) {
            return true;
        }
    }
    false
}

#[cfg(unix)]
#[test]
fn links_on_the_way() {
    use std::os::unix::fs::symlink;

    let mut scene = Scene::new(
        |root| {
            made(root, "dots/one.json", "{}");
            made(root, "dots/two.json", "{}");
            made(root, "else/three.json", "{}");
            fs::create_dir(root.join("c")).expect("made");
            symlink("../dots/one.json", root.join("c/mcp.json")).expect("linked");
            symlink("dots", root.join("folder")).expect("linked");
        },
        &["c/mcp.json", "folder/two.json"],
    );
    scene.check_has(|root| made(root, "dots/one.json", "{ }"), "Written c/mcp.json");
    scene.check_has(|root| made(root, "dots/two.json", "{ }"), "Written folder/two.json");
    let retarget = |to: &'static str| {
        move |root: &Path| {
            symlink(to, root.join("c/new")).expect("linked");
            fs::rename(root.join("c/new"), root.join("c/mcp.json")).expect("renamed");
        }
    };
    scene.check_has(retarget("../else/three.json"), "Renamed c/mcp.json");
    scene.check_has(|root| made(root, "else/three.json", "{ }"), "Written c/mcp.json");
    scene.check(|root| made(root, "dots/one.json", "{ }"), &[]);
    // To nothing, which then appears.
    scene.check_has(retarget("../gone/four.json"), "Renamed c/mcp.json");
    scene.check_has(|root| made(root, "gone/four.json", "{}"), "look c/mcp.json");
    scene.check_has(|root| made(root, "gone/four.json", "{ }"), "Written c/mcp.json");
    // The folder's link.
    scene.check_has(
        |root| {
            fs::remove_file(root.join("folder")).expect("removed");
            symlink("else", root.join("folder")).expect("linked");
        },
        "look folder/two.json",
    );
    scene.check_has(|root| made(root, "else/two.json", "{}"), "Written folder/two.json");
}

#[test]
fn the_set_may_change() {
    let mut scene = Scene::new(
        |root| {
            made(root, "a/mcp.json", "{}");
            made(root, "b/mcp.json", "{}");
        },
        &["a/mcp.json"],
    );
    let before = scene.watcher.folders();
    let files = BTreeSet::from([scene.at("b/mcp.json"), scene.at("sentinel/file")]);
    assert_eq!(scene.watcher.set_files(&files, &Listed::new()), BTreeSet::from([scene.at("b/mcp.json")]));
    assert_eq!(scene.watcher.folders(), before, "one folder went, one came");
    scene.check(|root| made(root, "a/mcp.json", "{ }"), &[]);
    scene.check_has(|root| made(root, "b/mcp.json", "{ }"), "Written b/mcp.json");
}

/// A system that grants only so many watches.
#[derive(Debug)]
struct Scarce(usize);

impl notify::Watcher for Scarce {
    fn new<F: notify::EventHandler>(_: F, _: notify::Config) -> notify::Result<Self> {
        Ok(Self(0))
    }

    fn watch(&mut self, _: &Path, _: RecursiveMode) -> notify::Result<()> {
        self.0 = self.0.checked_sub(1).ok_or_else(|| notify::Error::new(ErrorKind::MaxFilesWatch))?;
        Ok(())
    }

    fn unwatch(&mut self, _: &Path) -> notify::Result<()> {
        self.0 += 1;
        Ok(())
    }

    fn kind() -> notify::WatcherKind {
        notify::WatcherKind::NullWatcher
    }
}

#[test]
fn without_watches_files_are_polled() {
    let temp = tempfile::tempdir().expect("temp");
    made(temp.path(), "a/mcp.json", "{}");
    made(temp.path(), "b/mcp.json", "{}");
    let (a, b) = (temp.path().join("a/mcp.json"), temp.path().join("b/mcp.json"));
    let (sender, signals) = channel();
    let send: super::Send = Arc::new(Mutex::new(move |signal| drop(sender.send(signal))));
    let mut watcher = Watcher::with(Box::new(Scarce(0)), Arc::default(), send);
    watcher.set_files(&BTreeSet::from([a.clone(), b.clone()]), &Listed::new());
    let told: Vec<Signal> = signals.try_iter().collect();
    assert_eq!(told, [Signal::Polling { path: a.clone() }, Signal::Polling { path: b.clone() }]);
    assert_eq!(watcher.watched(), BTreeMap::from([(a.as_path(), Watched::Poll), (b.as_path(), Watched::Poll)]));
    watcher.refresh();
    assert_eq!(signals.try_iter().count(), 0, "told once");
    watcher.notify = Box::new(Scarce(1_000));
    watcher.refresh();
    assert_eq!(watcher.watched(), BTreeMap::from([(a.as_path(), Watched::Events), (b.as_path(), Watched::Events)]));
}

#[test]
fn a_name_that_comes_into_a_listed_folder_asks_for_a_rescan() {
    let mut scene = Scene::new(|_| {}, &[]);
    let files = BTreeSet::from([scene.at("sentinel/file")]);
    let names = Names { ways: BTreeSet::from(["one*", "two"]), files: BTreeSet::from(["own.json", "*.own"]) };
    let listed = Listed::from([(scene.at("User/profiles"), Arc::new(names))]);
    // Nothing is to be looked at for a folder alone, and it counts as no file.
    assert_eq!(scene.watcher.set_files(&files, &listed), BTreeSet::new());
    assert_eq!(scene.watcher.watched().len(), 1);
    let asks = |scene: &mut Scene, act: &dyn Fn(&Scene)| {
        act(scene);
        fs::write(scene.at("sentinel/file"), "x").expect("written");
        let mut asked = false;
        loop {
            match scene.signals.recv_timeout(BOUND).expect("the sentinel comes") {
                Signal::Touched { kind: Touch::Closed, .. } => return asked,
                Signal::Rescan(_) => {
                    asked = true;
                    assert_eq!(scene.watcher.refresh(), BTreeSet::new());
                }
                _ => {}
            }
        }
    };
    assert!(asks(&mut scene, &|scene| fs::create_dir_all(scene.at("User/profiles")).expect("made")));
    assert!(asks(&mut scene, &|scene| fs::create_dir(scene.at("User/profiles/one")).expect("made")));
    assert!(asks(&mut scene, &|scene| fs::create_dir(scene.at("User/profiles/two")).expect("made")));
    assert!(!asks(&mut scene, &|scene| fs::create_dir(scene.at("User/profiles/three")).expect("made")));
    assert!(!asks(&mut scene, &|scene| fs::write(scene.at("User/other"), "x").expect("written")));
    assert!(asks(&mut scene, &|scene| fs::remove_dir(scene.at("User/profiles/one")).expect("removed")));
}

#[test]
fn a_file_that_comes_into_a_listed_folder_is_told_by_the_path_that_the_folder_was_given_by() {
    let mut scene = Scene::new(|root| fs::create_dir_all(root.join("real/shop")).expect("made"), &[]);
    #[cfg(unix)]
    std::os::unix::fs::symlink("real", scene.at("link")).expect("made");
    #[cfg(not(unix))]
    fs::create_dir_all(scene.at("link/shop")).expect("made");
    let names = Arc::new(Names { ways: BTreeSet::from([".own"]), files: BTreeSet::from(["own.json", "*.own"]) });
    let listed = Listed::from([(scene.at("link/shop"), names)]);
    scene.watcher.set_files(&BTreeSet::from([scene.at("sentinel/file")]), &listed);
    let write =
        |name: &'static str| move |root: &Path| fs::write(root.join("link/shop").join(name), "x").expect("written");
    scene.check(
        write("own.json"),
        &["Closed link/shop/own.json", "Renamed link/shop/own.json", "Written link/shop/own.json"],
    );
    scene.check(write("a.own"), &["Closed link/shop/a.own", "Renamed link/shop/a.own", "Written link/shop/a.own"]);
    scene.check(write("other.json"), &[]);
    scene.check(
        |root| fs::remove_file(root.join("link/shop/own.json")).expect("removed"),
        &["Renamed link/shop/own.json"],
    );
    // Only the system's limit makes a listed folder blind.
    assert!(!scene.watcher.is_blind_to_names());
    scene.watcher.notify = Box::new(Scarce(0));
    scene.watcher.folders.clear();
    scene.watcher.refresh();
    assert!(scene.watcher.is_blind_to_names());
}
