//! `ui/src/bindings.ts` says in TypeScript what goes over to the window. `UPDATE=1 cargo test` writes it anew.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::path::Path;

use gatehouse_core::report::Comparison;
use gatehouse_core::request::Wish;
use ts_rs::{Config, TS, TypeVisitor};

use crate::dto::{Desk, HistoryRow, Outcome, Shown};

const HEAD: &str = "\
// Written by `UPDATE=1 cargo test -p gatehouse-app`: what goes over to the window and comes back.
";

/// Declarations by name, each type once.
#[derive(Default)]
struct Declared {
    seen: Vec<TypeId>,
    by_name: BTreeMap<String, String>,
}

impl Declared {
    fn add<T: TS + 'static + ?Sized>(&mut self) {
        if self.seen.contains(&TypeId::of::<T>()) {
            return;
        }
        self.seen.push(TypeId::of::<T>());
        let config = Config::default();
        // A type without a file of its own is one of TypeScript's.
        if T::output_path().is_some() {
            self.by_name.insert(T::name(&config), format!("export {}\n", T::decl(&config)));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

impl TypeVisitor for Declared {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        self.add::<T>();
    }
}

#[test]
fn the_window_knows_what_is_sent() {
    let mut declared = Declared::default();
    declared.add::<Comparison>();
    declared.add::<Desk>();
    declared.add::<HistoryRow>();
    declared.add::<Outcome>();
    declared.add::<Shown>();
    declared.add::<Wish>();
    let text = format!("{HEAD}\n{}", declared.by_name.into_values().collect::<Vec<_>>().join("\n"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/bindings.ts");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("the folder is made");
        std::fs::write(&path, &text).expect("it is written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == text, "ui/src/bindings.ts is not what the types say; run UPDATE=1 cargo test -p gatehouse-app");
}
