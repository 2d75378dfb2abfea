//! Connectors for tests, read from entries as clients write them.

use std::path::Path;

use crate::clients;
use crate::document::{Member, Node, Route, Value};

use super::{Connector, Place, Scope, Stand, ValueKey, read};

pub(crate) const HOME: &str = "/home/ana";

/// A place in the home of a fictitious user.
pub(crate) struct Spot {
    pub(crate) client: &'static str,
    pub(crate) scope: Scope,
    pub(crate) project: Option<&'static str>,
    pub(crate) file: &'static str,
    pub(crate) key: Option<ValueKey>,
}

impl Spot {
    pub(crate) const CURSOR: Self =
        Self { client: "cursor", scope: Scope::User, project: None, file: "/home/ana/.cursor/mcp.json", key: None };

    pub(crate) fn project(folder: &'static str) -> Self {
        Self { scope: Scope::Project, project: Some(folder), file: "/home/ana/w/.cursor/mcp.json", ..Self::CURSOR }
    }

    pub(crate) fn read_at(&self, route: &Route, entry: &serde_json::Value) -> Connector {
        let place = Place {
            client: self.client,
            shape: clients::client(self.client).expect("the client has a row").shape,
            scope: self.scope,
            project: self.project.map(Path::new),
            file: Path::new(self.file),
            home: Path::new(HOME),
        };
        let key = route.name().expect("an entry has a name").to_owned();
        let member = Member { key, nth: 1, key_span: 0..0, node: node(entry) };
        read(&place, Stand { line: 7, ..Stand::alone(route) }, &member, self.key.as_ref())
    }

    pub(crate) fn read(&self, entry: serde_json::Value) -> Connector {
        self.read_at(&Route::root().key("mcpServers").key("x"), &entry)
    }
}

/// The entry `mcpServers.x` of the user's own file of Cursor.
pub(crate) fn connector(entry: serde_json::Value) -> Connector {
    Spot::CURSOR.read(entry)
}

pub(crate) fn node(json: &serde_json::Value) -> Node {
    let value = match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(flag) => Value::Bool(*flag),
        serde_json::Value::Number(number) => Value::Number(number.to_string()),
        serde_json::Value::String(text) => Value::String(text.clone()),
        serde_json::Value::Array(items) => Value::Array(items.iter().map(node).collect()),
        serde_json::Value::Object(members) => {
            let member =
                |(key, value): (&String, _)| Member { key: key.clone(), nth: 1, key_span: 0..0, node: node(value) };
            Value::Object(members.iter().map(member).collect())
        }
    };
    Node { value, span: 0..0 }
}
