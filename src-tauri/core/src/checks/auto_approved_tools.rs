//! Members of the entry that let its tools run without a question.

use crate::clients::client;
use crate::finding::{Code, Severity};

use super::{Outcome, Subject};

/// Medium where everything is allowed, low for tools that are named.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let connector = subject.connector;
    let name = client(&connector.client).map_or(connector.client.as_str(), |row| row.name);
    let findings = connector.launch.trust.iter().filter_map(|(key, value)| {
        let severity = weight(&serde_json::from_str(value).ok()?)?;
        let args = [("client", name), ("setting", key.as_str()), ("value", value.as_str())];
        Some(subject.finding(Code::AutoApprovedTools, severity, &connector.route.key(key), &args))
    });
    Outcome::of(findings.collect())
}

/// Lists name tools; a map gives each its word, as `{"send": {"approval_mode": "approve"}}`.
fn weight(value: &serde_json::Value) -> Option<Severity> {
    use serde_json::Value;
    let is_all = |word: &str| matches!(word, "*" | "all" | "approve" | "auto" | "always" | "never-ask");
    match value {
        Value::Bool(true) => Some(Severity::Medium),
        Value::String(word) => is_all(word).then_some(Severity::Medium),
        Value::Array(tools) if tools.iter().any(|tool| tool.as_str() == Some("*")) => Some(Severity::Medium),
        Value::Array(tools) => (!tools.is_empty()).then_some(Severity::Low),
        Value::Object(tools) => {
            let opens = |tool: &Value| match tool {
                Value::Object(tool) => tool.values().filter_map(Value::as_str).any(is_all),
                tool => tool.as_str().is_some_and(is_all),
            };
            tools.values().any(opens).then_some(Severity::Low)
        }
        _ => None,
    }
}
