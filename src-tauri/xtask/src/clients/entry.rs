//! Writes an entry into a client's file, in the format that its name says.

use std::fs;
use std::path::Path;

use serde_json::Value;
use toml_edit::{Array, DocumentMut, Item, Table};

use crate::{Failure, home};

/// Adds an entry below `route`, making file and tables where they are missing.
pub(super) fn add(file: &Path, route: &[String], name: &str, entry: Value) -> Result<(), Failure> {
    let route: Vec<&str> = route.iter().map(String::as_str).collect();
    if file.extension().is_some_and(|ending| ending == "toml") {
        let text = fs::read_to_string(file).unwrap_or_default();
        let text =
            with_table(&text, &route, name, &entry).map_err(|why| Failure(format!("{}: {why}", file.display())))?;
        home::save(file, &text)
    } else {
        home::add_entry(file, &route, name, entry)
    }
}

/// The text with a table more. Members of an entry are texts and lists of texts, as clients have them.
fn with_table(text: &str, route: &[&str], name: &str, entry: &Value) -> Result<String, String> {
    let mut document: DocumentMut = text.parse().map_err(|e| format!("not TOML: {e}"))?;
    let mut place = document.as_table_mut();
    for step in route {
        // A table that holds only tables has no line of its own.
        let implicit = || {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        };
        let item = place.entry(step).or_insert_with(implicit);
        place = item.as_table_mut().ok_or_else(|| format!("{step} is no table"))?;
    }
    let mut table = Table::new();
    for (key, member) in entry.as_object().ok_or("an entry is an object")? {
        let value = match member {
            Value::String(text) => text.into(),
            Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Array>().into(),
            _ => return Err(format!("{key} is neither a text nor a list")),
        };
        table.insert(key, Item::Value(value));
    }
    place.insert(name, Item::Table(table));
    Ok(document.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_table_is_added_and_the_rest_stays() {
        let text = "model = \"m\" # mine\n\n[projects.\"/p/a.b\"]\ntrust_level = \"trusted\"\n";
        let entry = json!({"command": "/bin/sh", "args": ["a b", "c"]});
        let once = with_table(text, &["mcp_servers"], "postbox", &entry).expect("it can be added");
        let added = "\n[mcp_servers.postbox]\ncommand = \"/bin/sh\"\nargs = [\"a b\", \"c\"]\n";
        assert_eq!(once, format!("{text}{added}"));
        let twice = with_table(&once, &["mcp_servers"], "weather", &entry).expect("it can be added");
        assert_eq!(twice, format!("{once}{}", added.replace("postbox", "weather")));
    }

    #[test]
    fn what_has_no_place_is_said() {
        let entry = json!({"command": "sh", "timeout": 3});
        assert!(with_table("", &[], "x", &entry).is_err_and(|why| why.contains("timeout")));
        assert!(with_table("mcp = 1", &["mcp"], "x", &json!({})).is_err_and(|why| why.contains("mcp")));
        assert!(with_table("mcp =", &[], "x", &json!({})).is_err());
    }
}
