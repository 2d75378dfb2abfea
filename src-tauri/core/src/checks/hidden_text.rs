//! Characters that are not seen, or that reorder what is seen.

use crate::document::Route;
use crate::finding::{Code, Finding, Severity};

use super::{Outcome, Subject};

/// So many different characters of one place are named.
const NAMED: usize = 8;

/// High: nobody writes them by hand into a command, and what is read is not what runs. Values of variables and headers are
/// not looked at: nothing of them is shown.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let connector = subject.connector;
    let launch = &connector.launch;
    let places = &launch.places;
    let mut findings = Vec::new();
    let mut look = |place: String, route: &Route, text: &str, is_code: bool| {
        findings.extend(finding(subject, &place, route, &hidden(text, is_code)));
    };
    look("name".to_owned(), &connector.route, &connector.name, false);
    if let (Some(command), Some(route)) = (&launch.command, &places.command) {
        look("command".to_owned(), route, command, false);
    }
    for (at, (word, route)) in launch.args.iter().zip(&places.args).enumerate() {
        look(format!("args[{at}]"), route, word, true);
    }
    if let (Some(url), Some(route)) = (&launch.url, &places.url) {
        look("url".to_owned(), route, url, false);
    }
    if let Some(cwd) = &launch.cwd {
        look("cwd".to_owned(), &places.cwd, cwd, false);
    }
    for (name, _) in &launch.env {
        look(format!("env.{}", visible(name)), &places.env.key(name), name, false);
    }
    for (name, _) in &launch.headers {
        let route = places.headers.first().map_or_else(|| connector.route.clone(), |headers| headers.key(name));
        look(format!("headers.{}", visible(name)), &route, name, false);
    }
    Outcome::of(findings)
}

fn finding(subject: &Subject<'_>, place: &str, route: &Route, hidden: &[char]) -> Option<Finding> {
    let mut names: Vec<_> = hidden.iter().map(|c| name(*c)).collect();
    names.sort();
    names.dedup();
    names.truncate(NAMED);
    let args = [("place", place), ("characters", &names.join(" "))];
    (!names.is_empty()).then(|| subject.finding(Code::HiddenText, Severity::High, route, &args))
}

fn name(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// The text with each hidden character as its number.
fn visible(text: &str) -> String {
    let hidden = hidden(text, false);
    text.chars().map(|c| if hidden.contains(&c) { format!("‹{}›", name(c)) } else { c.to_string() }).collect()
}

/// Returns the hidden characters of a text. In program text, line ends and tabs are no secret.
fn hidden(text: &str, is_code: bool) -> Vec<char> {
    let chars: Vec<char> = text.chars().collect();
    let at = |index: Option<usize>| index.and_then(|it| chars.get(it)).copied();
    let is_hidden = |(index, c): &(usize, char)| {
        let (before, after) = (at(index.checked_sub(1)), at(Some(index + 1)));
        match c {
            '\n' | '\r' | '\t' => !is_code,
            // What makes an emoji of a sign, and one of two.
            '\u{FE0E}' | '\u{FE0F}' => {
                !(before.is_some_and(is_pictograph)
                    || before.is_some_and(|c| c.is_ascii_digit() || matches!(c, '#' | '*'))
                        && after == Some('\u{20E3}'))
            }
            '\u{200D}' => {
                let joins_signs =
                    before.is_some_and(|c| is_pictograph(c) || c == '\u{FE0F}') && after.is_some_and(is_pictograph);
                !(joins_signs || before.is_some_and(is_joining_letter) && after.is_some_and(is_joining_letter))
            }
            '\u{200C}' => !(before.is_some_and(is_joining_letter) && after.is_some_and(is_joining_letter)),
            c => is_invisible(*c),
        }
    };
    chars.iter().copied().enumerate().filter(is_hidden).map(|(_, c)| c).collect()
}

fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2100}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Letters of scripts whose spelling needs joiners: Arabic and its kin, and those of India.
fn is_joining_letter(c: char) -> bool {
    c.is_alphabetic() && matches!(c, '\u{0600}'..='\u{08FF}') || matches!(c, '\u{0900}'..='\u{0DFF}')
}

#[rustfmt::skip]
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Direction.
            '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
            // No width.
            | '\u{00AD}' | '\u{034F}' | '\u{180B}'..='\u{180F}' | '\u{200B}' | '\u{2060}'..='\u{2065}'
            | '\u{206A}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            // Blank letters and separators.
            | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{2028}' | '\u{2029}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}'
            | '\u{1D173}'..='\u{1D17A}'
            // Variation selectors and tags.
            | '\u{FE00}'..='\u{FE0F}' | '\u{E0000}'..='\u{E0FFF}')
}
