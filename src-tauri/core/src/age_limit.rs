//! The package managers' own age limit: how old a version must be before they run it. Beside a pin it is the one thing that
//! stops new code before its first start.

use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::document::{Document, EditError, Format, Route, ini};

/// So old a version shall be, in days: a limit of seven would have let the copying version of `postmark-mcp` through.
pub const COOLDOWN_DAYS: u32 = 14;

const MINUTE: f64 = 60.0;

const DAY: f64 = 24.0 * 60.0 * MINUTE;

/// A package manager that can be told to leave young versions out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Tool {
    Npm,
    Uv,
    Bun,
    Pnpm,
}

impl Tool {
    pub const ALL: [Self; 4] = [Self::Npm, Self::Uv, Self::Bun, Self::Pnpm];

    /// The command that starts it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Npm => "npm",
            Self::Uv => "uv",
            Self::Bun => "bun",
            Self::Pnpm => "pnpm",
        }
    }

    /// What it calls the limit in its settings.
    pub const fn setting(self) -> &'static str {
        match self {
            Self::Npm => "min-release-age",
            Self::Uv => "exclude-newer",
            Self::Bun | Self::Pnpm => "minimumReleaseAge",
        }
    }

    /// Whether the limit is written on request; of the others it is told alone.
    pub const fn can_be_set(self) -> bool {
        matches!(self, Self::Npm | Self::Uv)
    }
}

/// Whether a limit does what it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Standing {
    /// New versions run at once.
    NotSet,
    /// At least as long as the cooldown.
    Enough,
    TooShort,
    /// It cannot be told what the value means, or the file cannot be read.
    Unreadable,
    /// There is a limit, and a list that may leave this package out of it.
    Exempt,
}

/// The limit of one package manager, for one launch or for the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct AgeLimit {
    pub tool: Tool,
    /// What it is set by: the limit itself, or a fixed date.
    pub setting: String,
    /// As it is written.
    pub value: Option<String>,
    /// The file, variable or flag that says so.
    pub from: Option<String>,
    pub standing: Standing,
    /// Gatehouse can write it into the user's own settings.
    pub can_be_set: bool,
    /// Gatehouse wrote it there, and can take it back.
    pub can_be_undone: bool,
}

/// What a value means.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Meaning {
    /// Versions must be so old, in seconds.
    Age(f64),
    /// Versions must be older than this moment.
    Before(Timestamp),
}

impl Meaning {
    /// Reads the value of a tool's own setting; `None` where it means nothing to the tool.
    pub fn of(tool: Tool, text: &str) -> Option<Self> {
        let number = || text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
        match tool {
            // Of an empty value npm makes 0.
            Tool::Npm if text.trim().is_empty() => Some(Self::Age(0.0)),
            Tool::Npm => Some(Self::Age(number()? * DAY)),
            Tool::Bun => Some(Self::Age(number()?)),
            Tool::Pnpm => Some(Self::Age(number()? * MINUTE)),
            Tool::Uv => span(text).map(Self::Age).or_else(|| uv_date(text).map(Self::Before)),
        }
    }

    /// Reads npm's `before`.
    pub fn of_before(text: &str) -> Option<Self> {
        moment(text).or_else(|| midnight(text.parse().ok()?)).map(Self::Before)
    }

    /// Whether versions that it lets through have passed the cooldown.
    pub fn standing(self, now: Timestamp) -> Standing {
        let age = match self {
            Self::Age(seconds) => seconds,
            Self::Before(moment) => now.duration_since(moment).as_secs_f64(),
        };
        match age {
            age if age >= f64::from(COOLDOWN_DAYS) * DAY => Standing::Enough,
            age if age > 0.0 => Standing::TooShort,
            _ => Standing::NotSet,
        }
    }

    /// The moment before which a version must be published; `None` where that lies before all times.
    pub fn moment(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Age(seconds) => now.checked_sub(SignedDuration::try_from_secs_f64(seconds).ok()?).ok(),
            Self::Before(moment) => Some(moment),
        }
    }

    /// The days that it asks for; `None` for a fixed moment.
    pub fn days(self) -> Option<f64> {
        match self {
            Self::Age(seconds) => Some(seconds / DAY),
            Self::Before(_) => None,
        }
    }
}

/// A time span as uv reads it: `14 days`, `2 weeks 1 day`, `336h`, `P14D`, with a sign or `ago` that changes nothing.
/// Months and years have no fixed length, and uv refuses them.
fn span(text: &str) -> Option<f64> {
    let span: Span = text.trim().parse().ok()?;
    let span = span.abs();
    if span.get_years() != 0 || span.get_months() != 0 {
        return None;
    }
    let days = f64::from(span.get_weeks()) * 7.0 + f64::from(span.get_days());
    let hours = f64::from(span.get_hours());
    let rest = Span::new().try_minutes(span.get_minutes()).ok()?.try_seconds(span.get_seconds()).ok()?;
    Some(days * DAY + hours * 60.0 * MINUTE + rest.total(jiff::Unit::Second).ok()?)
}

/// A moment, or a day, which uv takes to its end.
fn uv_date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    moment(text).or_else(|| midnight(text.parse::<Date>().ok()?.tomorrow().ok()?))
}

fn moment(text: &str) -> Option<Timestamp> {
    text.trim().parse().ok()
}

fn midnight(date: Date) -> Option<Timestamp> {
    Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
}

/// Why a limit was not written into a file.
#[derive(Debug, thiserror::Error)]
pub enum CannotWrite {
    #[error(transparent)]
    Ini(#[from] ini::NotSettable),
    #[error("line {}: {}", .0.line, .0.reason)]
    Syntax(#[from] crate::document::SyntaxError),
    #[error(transparent)]
    Edit(#[from] EditError),
    /// npm obeys `before` of the same file instead.
    #[error("`before` is set in the same file, and comes first")]
    Before,
}

/// The text of the user's settings with the limit in it.
pub fn written(tool: Tool, before: &[u8], days: u32) -> Result<Vec<u8>, CannotWrite> {
    if tool == Tool::Npm {
        if ini::value(before, "before").is_some_and(|value| !value.is_empty()) {
            return Err(CannotWrite::Before);
        }
        return Ok(ini::set(before, tool.setting(), &days.to_string())?);
    }
    let document = Document::parse(Format::Toml, before.to_vec())?;
    let value = format!("{days} days");
    if document.node(&Route::root().key(tool.setting())).is_some() {
        let change = (tool.setting().to_owned(), Some(serde_json::Value::String(value)));
        return Ok(document.amend(&Route::root(), &[change])?.source().to_vec());
    }
    let line = format!("{} = \"{value}\"", tool.setting());
    let mut others = members(&document);
    others.insert(tool.setting().to_owned(), value.into());
    for at in [above_tables(before), 0] {
        let after = ini::with_line(before, at, &line);
        // A line that looks like a header may be part of a text.
        if Document::parse(Format::Toml, after.clone()).is_ok_and(|after| members(&after) == others) {
            return Ok(after);
        }
    }
    Err(CannotWrite::Ini(ini::NotSettable::Inexact))
}

fn members(document: &Document) -> serde_json::Map<String, serde_json::Value> {
    let root = document.node(&Route::root()).map(|root| root.value.to_json());
    root.and_then(|root| root.as_object().cloned()).unwrap_or_default()
}

/// The offset of the first header of a table with the comments right above it, or the end of the text.
fn above_tables(text: &[u8]) -> usize {
    let mut at = 0;
    let mut place = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        match line.trim_ascii_start().first() {
            Some(b'[') => return place,
            // What a comment belongs to stands below it.
            Some(b'#') => {}
            None => {}
            Some(_) => place = at + line.len(),
        }
        at += line.len();
    }
    at
}

/// The one place where two texts differ: offset, what stood there, what stands there.
pub fn difference<'a>(before: &'a [u8], after: &'a [u8]) -> (usize, &'a [u8], &'a [u8]) {
    let start = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let (was, now) = (&before[start..], &after[start..]);
    let same = was.iter().rev().zip(now.iter().rev()).take_while(|(a, b)| a == b).count();
    (start, &was[..was.len() - same], &now[..now.len() - same])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of npm 11.19.1 and uv 0.13.9 each was tried.
    #[test]
    fn a_value_means_what_the_tool_makes_of_it() {
        let now: Timestamp = "2026-07-15T12:00:00Z".parse().expect("a moment");
        let check = |tool, text: &str, expect: Option<Standing>| {
            assert_eq!(Meaning::of(tool, text).map(|meaning| meaning.standing(now)), expect, "{tool:?} {text:?}");
        };
        let (enough, short, none) = (Some(Standing::Enough), Some(Standing::TooShort), Some(Standing::NotSet));
        check(Tool::Npm, "14", enough);
        check(Tool::Npm, "13.9", short);
        check(Tool::Npm, "0", none);
        check(Tool::Npm, "", none);
        check(Tool::Npm, "-3", none);
        check(Tool::Npm, "14d", None);
        check(Tool::Npm, "${DAYS}", None);
        check(Tool::Npm, "inf", None);
        for text in
            ["14 days", "2 weeks", "P14D", "P2W", "336 hours", "336h", "PT336H", "14d", "-14 days", "14 days ago"]
        {
            check(Tool::Uv, text, enough);
        }
        check(Tool::Uv, "1 week 6 days", short);
        check(Tool::Uv, "335 hours 59 minutes", short);
        check(Tool::Uv, "335 hours 60 minutes", enough);
        check(Tool::Uv, "0 days", none);
        check(Tool::Uv, "2026-07-01T12:00:00Z", enough);
        check(Tool::Uv, "2026-06-30", enough);
        check(Tool::Uv, "2026-07-01", short);
        check(Tool::Uv, "2030-01-01", none);
        for text in ["1 month", "P1M", "1 fortnight", "14", "false", ""] {
            check(Tool::Uv, text, None);
        }
        check(Tool::Bun, "1209600", enough);
        check(Tool::Bun, "259200", short);
        check(Tool::Pnpm, "20160", enough);
        check(Tool::Pnpm, "1440", short);
        let before = |text: &str| Meaning::of_before(text).map(|meaning| meaning.standing(now));
        assert_eq!((before("2026-07-01"), before("2026-07-02"), before("soon")), (enough, short, None));
    }

    #[test]
    fn the_limit_is_written_among_what_stands_there() {
        let check = |tool, before: &str, expect: &str| {
            let after = written(tool, before.as_bytes(), 14).expect("it can be written");
            assert_eq!(String::from_utf8(after).expect("UTF-8"), expect);
        };
        check(Tool::Npm, "", "min-release-age=14\n");
        check(Tool::Uv, "", "exclude-newer = \"14 days\"\n");
        check(Tool::Uv, "\u{feff}[pip]\n", "\u{feff}exclude-newer = \"14 days\"\n[pip]\n");
        check(Tool::Uv, "# mine\r\n", "# mine\r\nexclude-newer = \"14 days\"\r\n");
        check(Tool::Uv, "# mine", "# mine\nexclude-newer = \"14 days\"");
        check(Tool::Uv, "exclude-newer = '3 days' # mine\n", "exclude-newer = \"14 days\" # mine\n");
        check(Tool::Uv, "offline = true\r\n", "offline = true\r\nexclude-newer = \"14 days\"\r\n");
        check(
            Tool::Uv,
            "# mine\noffline = true\n\n[pip]\nx = 1\n",
            "# mine\noffline = true\nexclude-newer = \"14 days\"\n\n[pip]\nx = 1\n",
        );
        check(Tool::Uv, "[pip]\nx = 1\n", "exclude-newer = \"14 days\"\n[pip]\nx = 1\n");
        check(
            Tool::Uv,
            "# top\n\na = \"\"\"\n[b]\n\"\"\"\n[c]\nx = 1\n",
            "exclude-newer = \"14 days\"\n# top\n\na = \"\"\"\n[b]\n\"\"\"\n[c]\nx = 1\n",
        );
        let refused = |tool, text: &str| written(tool, text.as_bytes(), 14).is_err();
        assert!(refused(Tool::Npm, "before=2026-01-01\n"));
        assert!(refused(Tool::Uv, "a = \n"));
    }
}
