//! What goes over to the window and comes back. `ui/src/bindings.ts` is written from these types.

use std::collections::BTreeMap;

use gatehouse_core::policy::LookUps;
use gatehouse_core::record::{Channel, QuestionKind};
use gatehouse_core::report::Inventory;
use gatehouse_core::request::ApproveHow;
use serde::{Deserialize, Serialize};

/// Everything that the window shows.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Desk {
    #[cfg_attr(test, ts(type = "\"en\" | \"es\""))]
    pub(crate) language: &'static str,
    /// The view that the window was last asked to show.
    pub(crate) open: Open,
    /// Rises with each such wish.
    pub(crate) open_seq: u32,
    pub(crate) mark: Mark,
    pub(crate) inventory: Inventory,
    /// Open questions, riskiest first; the same launch in several clients is one card.
    pub(crate) cards: Vec<Card>,
    /// Decisions of the last 30 s, newest first.
    pub(crate) news: Vec<News>,
    pub(crate) alarms: Vec<Alarm>,
    pub(crate) sheet: Option<Sheet>,
    /// UTC, RFC 3339.
    pub(crate) paused_until: Option<String>,
    /// Programs can press this window's buttons: its answers count as those of a terminal.
    pub(crate) driven: bool,
    /// Whether registries are asked; a file of settings may keep them off.
    pub(crate) look_ups: LookUps,
    /// A tray host shows our icon.
    pub(crate) tray: bool,
    /// Files that are watched.
    pub(crate) files: usize,
    /// Clients as people call them, by id.
    #[cfg_attr(test, ts(type = "Record<string, string>"))]
    pub(crate) clients: BTreeMap<&'static str, &'static str>,
}

/// A view of the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "view", rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) enum Open {
    Card { key: String },
    Waiting,
    Connectors,
    FirstRun,
}

/// The user's own mark, the same on every genuine question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Mark {
    /// Sixteen shades from 0 to 3: a grid of four by four, row by row.
    pub(crate) cells: Vec<u8>,
    /// Two words in the language.
    pub(crate) words: String,
}

/// Which review sheet is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) enum Sheet {
    FirstRun,
    AfterLoss,
}

/// One question, for every client that it is open for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Card {
    /// Names the question while it is open.
    pub(crate) key: String,
    pub(crate) kind: QuestionKind,
    /// Id of the row that the answer is sent for.
    pub(crate) lead: String,
    /// Ids of all rows with this question, the lead first.
    pub(crate) members: Vec<String>,
    /// As shown; goes back with the answer.
    pub(crate) fingerprint: String,
    /// What ran before, masked.
    pub(crate) previous: Option<String>,
    /// Id of the client below whose process a decision was asked for.
    pub(crate) asked_by: Option<String>,
    /// What was asked for: `approve`, `release`.
    pub(crate) request: Option<String>,
    pub(crate) offers: Offers,
}

/// What a card offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Offers {
    pub(crate) first: First,
    /// `true`: offered; null: makes no sense; else why it is not offered.
    pub(crate) keep_approved: Option<KeepApproved>,
    /// In the order of the drawer.
    pub(crate) approve: Vec<ApproveOffer>,
    pub(crate) release: bool,
    /// Approving needs the name typed out.
    pub(crate) typed_name: bool,
}

/// The default button of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) enum First {
    KeepHeld,
    KeepApproved,
    /// It runs now.
    Hold,
}

/// Whether the approved launch can be written back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) enum KeepApproved {
    /// Always `true`.
    Offered(#[cfg_attr(test, ts(type = "true"))] bool),
    Refused(Refused),
}

/// One way to approve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ApproveOffer {
    pub(crate) how: ApproveHow,
    pub(crate) refused: Option<Refused>,
}

/// Why something was not done or is not offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Refused {
    /// Kebab-case, stable.
    pub(crate) code: String,
    /// In the user's language.
    pub(crate) message: String,
}

/// A decision that was just made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct News {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) client: String,
    /// As in the messages `answer-…`.
    pub(crate) answer: String,
    pub(crate) channel: Channel,
    /// UTC, RFC 3339.
    pub(crate) at: String,
    /// UTC, RFC 3339; null where it cannot be undone.
    pub(crate) undo_until: Option<String>,
}

/// Something that needs a look and is no question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Alarm {
    /// Kebab-case, stable.
    pub(crate) code: String,
    /// In the user's language.
    pub(crate) message: String,
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) enum Outcome {
    /// What became of each connector, in the user's language.
    Done {
        lines: Vec<String>,
    },
    Refused {
        refused: Refused,
    },
}

/// A connector as it was shown when a decision on it was made.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Shown {
    pub(crate) id: String,
    pub(crate) fingerprint: String,
}

/// One entry of a connector's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct HistoryRow {
    #[cfg_attr(test, ts(type = "number"))]
    pub(crate) seq: u64,
    /// UTC, RFC 3339.
    pub(crate) at: String,
    /// The kind of record, in kebab-case.
    pub(crate) kind: String,
    /// One sentence in the user's language.
    pub(crate) text: String,
}
