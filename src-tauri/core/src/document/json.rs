use super::{Node, Pattern, Route, SyntaxError};

pub(super) fn check(_source: &[u8]) -> Result<(), SyntaxError> {
    Ok(())
}

pub(super) fn find(_source: &[u8], _pattern: &[Pattern]) -> Vec<(Route, Node)> {
    Vec::new()
}

pub(super) fn node(_source: &[u8], _route: &Route) -> Option<Node> {
    None
}
