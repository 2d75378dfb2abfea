//! Why a text cannot be read: a closed list, so that every reason has its words in each language.

use serde::{Deserialize, Serialize};

use super::MAX_DEPTH;

/// What is wrong with a text. Each has a message in the Fluent files (`syntax-…`); its own text is English, for logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum SyntaxReason {
    #[error("the text is not valid UTF-8")]
    NotUtf8,
    #[error("nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    #[error("the text ends before the value is complete")]
    Ended,
    #[error("a comment is not closed")]
    CommentNotClosed,
    #[error("a string is not closed")]
    StringNotClosed,
    #[error("a line break inside a string")]
    LineBreakInString,
    #[error("a control character inside a string")]
    ControlInString,
    #[error("a \\u escape without four hexadecimal digits")]
    ShortEscape,
    #[error("an unknown escape in a string")]
    UnknownEscape,
    /// Something else stands where one of a few things has to.
    #[error("expected {wanted}, found {}", shown(*.found))]
    Expected {
        wanted: Wanted,
        /// `None` = a character that cannot be shown.
        found: Option<char>,
    },
    /// Right as its format, and yet not read.
    #[error("a way of writing that is not supported")]
    Unsupported,
    /// In the parser's own words, English.
    #[error("{detail}")]
    Toml { detail: String },
    /// As [`SyntaxReason::Toml`].
    #[error("{detail}")]
    Yaml { detail: String },
    #[error("the file holds several YAML documents")]
    SeveralDocuments,
}

/// What has to stand at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Wanted {
    #[error("a value")]
    Value,
    #[error("a value or a comment")]
    ValueOrComment,
    #[error("a key in double quotes")]
    Key,
    #[error("':' after the key")]
    Colon,
    #[error("',' or '}}'")]
    CommaOrBrace,
    #[error("',' or ']'")]
    CommaOrBracket,
    #[error("the end of the text")]
    End,
    #[error("the end of the value")]
    EndOfValue,
    #[error("the end of the number")]
    EndOfNumber,
    #[error("a digit")]
    Digit,
}

fn shown(found: Option<char>) -> String {
    found.map_or_else(|| "a character that is not allowed here".to_owned(), |found| format!("'{found}'"))
}

impl SyntaxReason {
    /// The message that says it, and its values; `wanted` is the name of a message of its own.
    pub fn message(&self) -> (&'static str, Vec<(&'static str, String)>) {
        let plain = |id| (id, Vec::new());
        match self {
            Self::NotUtf8 => plain("syntax-not-utf8"),
            Self::TooDeep => ("syntax-too-deep", vec![("count", MAX_DEPTH.to_string())]),
            Self::Ended => plain("syntax-ended"),
            Self::CommentNotClosed => plain("syntax-comment-not-closed"),
            Self::StringNotClosed => plain("syntax-string-not-closed"),
            Self::LineBreakInString => plain("syntax-line-break-in-string"),
            Self::ControlInString => plain("syntax-control-in-string"),
            Self::ShortEscape => plain("syntax-short-escape"),
            Self::UnknownEscape => plain("syntax-unknown-escape"),
            Self::Expected { wanted, found } => {
                let id = match wanted {
                    Wanted::Value => "syntax-wants-value",
                    Wanted::ValueOrComment => "syntax-wants-value-or-comment",
                    Wanted::Key => "syntax-wants-key",
                    Wanted::Colon => "syntax-wants-colon",
                    Wanted::CommaOrBrace => "syntax-wants-comma-or-brace",
                    Wanted::CommaOrBracket => "syntax-wants-comma-or-bracket",
                    Wanted::End => "syntax-wants-end",
                    Wanted::EndOfValue => "syntax-wants-end-of-value",
                    Wanted::EndOfNumber => "syntax-wants-end-of-number",
                    Wanted::Digit => "syntax-wants-digit",
                };
                // A character that cannot be shown has no name.
                (id, vec![("found", found.map_or_else(|| "�".to_owned(), String::from))])
            }
            Self::Unsupported => plain("syntax-unsupported"),
            Self::Toml { detail } => ("syntax-toml", vec![("detail", detail.clone())]),
            Self::Yaml { detail } => ("syntax-yaml", vec![("detail", detail.clone())]),
            Self::SeveralDocuments => plain("syntax-several-documents"),
        }
    }
}
