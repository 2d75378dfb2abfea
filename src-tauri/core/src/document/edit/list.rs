//! An item that is put into a list of the user's, and taken out again. Strict JSON only: nothing but space and commas
//! stands between items there.

use super::stash::{Kind, Listing, Stash};
use super::{Edit, EditError, Splice, apply, container, inexact, json, others_equal, read_again};
use crate::document::{Document, Format, Node, Route, Step};

/// Puts an item at the end of a list, which is made where it is missing.
pub(super) fn enlist(document: &Document, list: &Route, item: &serde_json::Value) -> Result<Edit, EditError> {
    let parent = container(list)?;
    let made = !is_there(document, list)?;
    let after = if made {
        let key = list.name().unwrap_or_default();
        json::set(document.clone(), &parent, key, Some(&serde_json::json!([item])))?.source
    } else {
        apply(document.source(), &mut [append(document, list, item)?])
    };
    let piece = Splice::between(document.source(), &after);
    let kind = Kind::List(Listing { item: item.clone(), made });
    let stash = Stash::new(document, list, std::slice::from_ref(&piece), &after, kind);
    let after = read_again(document, after, list)?;
    let mut wanted = items(document, list);
    wanted.push(item.clone());
    same_but(document, &after, list, &parent, &wanted)?;
    Ok(Edit { after, stash })
}

/// Takes the item out again, from a file that changed meanwhile.
pub(super) fn delist(document: &Document, list: &Route, listing: &Listing) -> Result<Document, EditError> {
    let parent = container(list)?;
    let missing = || EditError::Missing(list.clone());
    if !is_there(document, list)? {
        return Err(missing());
    }
    let mut wanted = items(document, list);
    let at = wanted.iter().rposition(|item| *item == listing.item).ok_or_else(missing)?;
    wanted.remove(at);
    let after = if wanted.is_empty() && listing.made {
        json::set(document.clone(), &parent, list.name().unwrap_or_default(), None)?
    } else {
        let node = document.node(list).ok_or_else(missing)?;
        let spans: Vec<_> = node.value.items().unwrap_or_default().iter().map(|item| item.span.clone()).collect();
        let cut = match (at.checked_sub(1), spans.get(at + 1)) {
            (Some(before), _) => spans[before].end..spans[at].end,
            (None, Some(next)) => spans[at].start..next.start,
            (None, None) => node.span.start + 1..node.span.end - 1,
        };
        read_again(document, apply(document.source(), &mut [Splice::cut(cut)]), list)?
    };
    same_but(document, &after, list, &parent, &wanted)?;
    Ok(after)
}

/// Whether the list is there; refuses what is not one list in strict JSON.
fn is_there(document: &Document, list: &Route) -> Result<bool, EditError> {
    if document.format() != Format::Json {
        return inexact(list, "lists are edited in strict JSON only");
    }
    let parent = container(list)?;
    let holder = document.node(&parent).ok_or_else(|| EditError::Missing(parent.clone()))?;
    let Some(members) = holder.value.members() else { return inexact(list, "its parent is no object") };
    let found: Vec<&Node> = members.iter().filter(|m| Some(m.key.as_str()) == list.name()).map(|m| &m.node).collect();
    match found.as_slice() {
        [] => Ok(false),
        [one] if one.value.items().is_some() => Ok(true),
        [_] => inexact(list, "it is no list"),
        _ => inexact(list, "the key stands there more than once"),
    }
}

fn append(document: &Document, list: &Route, item: &serde_json::Value) -> Result<Splice, EditError> {
    let source = document.source();
    let node = document.node(list).ok_or_else(|| EditError::Missing(list.clone()))?;
    let spans: Vec<_> = node.value.items().unwrap_or_default().iter().map(|item| item.span.clone()).collect();
    let text = spaced(item);
    let (at, lead) = match spans.as_slice() {
        [] => (node.span.start + 1, Vec::new()),
        [only] => {
            let own = &source[node.span.start + 1..only.start];
            let space = if own.contains(&b'\n') { own } else { b" " };
            (only.end, [b",", space].concat())
        }
        [.., before, last] => (last.end, source[before.end..last.start].to_vec()),
    };
    Ok(Splice { span: at..at, added: [lead, text.into_bytes()].concat() })
}

/// On one line, with a space behind colons and commas.
fn spaced(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Array(items) => {
            format!("[{}]", items.iter().map(spaced).collect::<Vec<_>>().join(", "))
        }
        serde_json::Value::Object(members) => {
            let text =
                |(key, value): (&String, _)| format!("{}: {}", serde_json::Value::from(key.as_str()), spaced(value));
            format!("{{{}}}", members.iter().map(text).collect::<Vec<_>>().join(", "))
        }
        plain => plain.to_string(),
    }
}

fn items(document: &Document, list: &Route) -> Vec<serde_json::Value> {
    let node = document.node(list);
    node.and_then(|node| Some(node.value.items()?.iter().map(|item| item.value.to_json()).collect()))
        .unwrap_or_default()
}

fn same_but(
    before: &Document,
    after: &Document,
    list: &Route,
    parent: &Route,
    wanted: &[serde_json::Value],
) -> Result<(), EditError> {
    let Some(Step::Key { name, .. }) = list.0.last() else { return inexact(list, "it is no key") };
    if items(after, list) != wanted || !others_equal(before, after, parent, &[name]) {
        return inexact(list, "something else would change with it");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn list() -> Route {
        Route::root().key("denied")
    }

    fn put(source: &str) -> Result<Edit, EditError> {
        let document = Document::parse(Format::Json, source.as_bytes().to_vec()).expect("the sample is JSON");
        enlist(&document, &list(), &json!({"c": ["a", "b"]}))
    }

    #[test]
    fn an_item_is_put_behind_the_others_as_they_are_written() {
        let check = |source: &str, expect: &str| {
            let edit = put(source).expect("it can be put there");
            assert_eq!(String::from_utf8_lossy(edit.after.source()), expect);
            let back = edit.after.restore(&edit.stash).expect("it can be taken out");
            assert_eq!(String::from_utf8_lossy(back.after.source()), source);
        };
        check("{}\n", "{\"denied\": [{\"c\": [\"a\", \"b\"]}]}\n");
        check(r#"{"a": 1}"#, r#"{"a": 1, "denied": [{"c": ["a", "b"]}]}"#);
        check("{\n  \"a\": 1\n}\n", "{\n  \"a\": 1,\n  \"denied\": [{\"c\": [\"a\", \"b\"]}]\n}\n");
        check(r#"{"denied":[]}"#, r#"{"denied":[{"c": ["a", "b"]}]}"#);
        check(r#"{"denied": [1]}"#, r#"{"denied": [1, {"c": ["a", "b"]}]}"#);
        check(r#"{"denied": [1,2]}"#, r#"{"denied": [1,2,{"c": ["a", "b"]}]}"#);
        check("{\"denied\": [\n  1\n]}", "{\"denied\": [\n  1,\n  {\"c\": [\"a\", \"b\"]}\n]}");
    }

    #[test]
    fn it_is_taken_out_of_a_file_that_changed() {
        let stash = put(r#"{"denied": [1]}"#).expect("it can be put there").stash;
        let made = put("{}").expect("it can be put there").stash;
        let check = |stash: &Stash, now: &str, expect: Option<&str>| {
            let document = Document::parse(Format::Json, now.as_bytes().to_vec()).expect("the sample is JSON");
            let back = document.restore(stash).ok().map(|r| String::from_utf8_lossy(r.after.source()).into_owned());
            assert_eq!(back.as_deref(), expect);
        };
        check(&stash, r#"{"denied": [{"c":["a","b"]}, 5]}"#, Some(r#"{"denied": [5]}"#));
        check(&stash, r#"{"denied": [5, {"c":["a","b"]}], "x": 1}"#, Some(r#"{"denied": [5], "x": 1}"#));
        check(&stash, r#"{"denied": [ {"c":["a","b"]} ]}"#, Some(r#"{"denied": []}"#));
        check(&made, r#"{"denied": [ {"c":["a","b"]} ], "x": 1}"#, Some(r#"{ "x": 1}"#));
        check(&stash, r#"{"denied": [5]}"#, None);
        check(&stash, "{}", None);
    }

    #[test]
    fn what_is_not_one_list_is_left_alone() {
        for source in ["[]", r#"{"denied": 1}"#, r#"{"denied": [], "denied": []}"#, ""] {
            assert!(put(source).is_err(), "{source}");
        }
    }
}
