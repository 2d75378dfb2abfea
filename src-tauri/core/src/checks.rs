use crate::connector::Connector;
use crate::facts::Facts;
use crate::finding::{Code, Finding};
pub struct Subject<'a> {
    pub connector: &'a Connector,
    pub facts: &'a Facts,
}
pub struct Report {
    pub findings: Vec<Finding>,
    pub passed: Vec<Code>,
    pub not_run: Vec<(Code, &'static str)>,
}
pub fn run_all(_: &Subject<'_>) -> Report {
    Report { findings: vec![], passed: vec![], not_run: vec![] }
}
