use std::fs;
use std::path::Path;

use gatehouse_core::finding::Severity;

use super::*;

#[test]
fn failure_counts_over_waiting_over_findings() {
    let check = |exits: &[Exit], expect| {
        assert_eq!(exits.iter().fold(Exit::Done, |worst, exit| worst.or_worse(*exit)), expect);
        assert_eq!(exits.iter().rev().fold(Exit::Done, |worst, exit| worst.or_worse(*exit)), expect);
    };
    check(&[], Exit::Done);
    check(&[Exit::Low, Exit::High], Exit::High);
    check(&[Exit::Critical, Exit::Waiting], Exit::Waiting);
    check(&[Exit::Critical, Exit::Waiting, Exit::Failure], Exit::Failure);
    let codes: Vec<_> = [Severity::Low, Severity::Medium, Severity::High, Severity::Critical]
        .map(|severity| Exit::from(severity) as u8)
        .to_vec();
    assert_eq!(codes, [10, 11, 12, 13]);
    assert_eq!([Exit::Done, Exit::Usage, Exit::Failure, Exit::Waiting].map(|exit| exit as u8), [0, 1, 2, 20]);
}

#[test]
fn the_schema_of_the_inventory_is_the_documented_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/inventory.schema.json");
    let schema = serde_json::to_string_pretty(&gatehouse_core::report::schema()).expect("a schema is JSON") + "\n";
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &schema).expect("the reference can be written");
    }
    let documented = fs::read_to_string(&path).unwrap_or_default();
    assert!(documented == schema, "docs/reference/inventory.schema.json is out of date: run UPDATE=1 cargo test");
}
