//! What every verb has at hand: the machine, the words, and the two streams.

use std::cell::{Cell, RefCell};
use std::io::{self, IsTerminal as _, Write};
use std::path::Path;

use gatehouse_core::host::Host;
use gatehouse_core::wording::Wording;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use crate::render::Page;
use crate::render::chips::{escape_hidden, visible};

/// One run of the program.
pub(crate) struct Session {
    pub(crate) host: Host,
    pub(crate) wording: Wording,
    pub(crate) stdout: Stream,
    pub(crate) stderr: Stream,
    out: RefCell<Box<dyn Write>>,
    /// A write to stdout failed for another reason than a closed pipe.
    broken: Cell<bool>,
}

/// What is known of an output.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stream {
    pub(crate) is_terminal: bool,
    pub(crate) colour: bool,
    /// In columns.
    pub(crate) width: u16,
}

/// Columns where the output is no terminal.
const PIPED: u16 = 80;

impl Stream {
    fn new(is_terminal: bool, width: Option<u16>, host: &Host) -> Self {
        let colour = is_terminal && host.var("NO_COLOR").is_none() && host.var("TERM") != Some("dumb");
        // Narrower than this nothing can be laid out; the terminal wraps what is too wide.
        let width = if is_terminal { width.unwrap_or(PIPED).max(40) } else { PIPED };
        Self { is_terminal, colour, width }
    }
}

impl Session {
    pub(crate) fn new(host: Host, wording: Wording) -> Self {
        let width = terminal_size::terminal_size().map(|(width, _)| width.0);
        let stdout = Stream::new(io::stdout().is_terminal(), width, &host);
        let stderr = Stream::new(io::stderr().is_terminal(), width, &host);
        Self { host, wording, stdout, stderr, out: RefCell::new(Box::new(io::stdout())), broken: Cell::new(false) }
    }

    /// A session that writes into `out`, which is no terminal.
    #[cfg(test)]
    pub(crate) fn into_writer(host: Host, wording: Wording, out: Box<dyn Write>) -> Self {
        let stream = Stream::new(false, None, &host);
        Self { host, wording, stdout: stream, stderr: stream, out: RefCell::new(out), broken: Cell::new(false) }
    }

    /// What the renderer needs for stdout.
    pub(crate) fn page(&self) -> Page<'_> {
        let Stream { width, colour, .. } = self.stdout;
        Page { wording: &self.wording, host: &self.host, width: usize::from(width), colour }
    }

    /// The message `id`; hidden characters in its values are made visible.
    pub(crate) fn say(&self, id: &str, args: &[(&str, &str)]) -> String {
        self.page().say(id, args)
    }

    /// Writes text and a line end to stdout. A reader that went away is no failure.
    pub(crate) fn print(&self, text: &str) {
        self.print_exactly(&format!("{}\n", text.trim_end_matches('\n')));
    }

    pub(crate) fn print_exactly(&self, text: &str) {
        let mut out = self.out.borrow_mut();
        if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush())
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            self.broken.set(true);
        }
    }

    /// Writes a value as JSON to stdout: pretty, hidden characters escaped.
    pub(crate) fn print_json(&self, value: &impl Serialize) {
        let text = serde_json::to_string_pretty(value).expect("the model is plain JSON");
        self.print(&escape_hidden(&text));
    }

    /// Writes a value as one line of JSON.
    pub(crate) fn print_json_line(&self, value: &impl Serialize) {
        let text = serde_json::to_string(value).expect("the model is plain JSON");
        self.print(&escape_hidden(&text));
    }

    /// Writes a message to stderr.
    pub(crate) fn note(&self, id: &str, args: &[(&str, &str)]) {
        self.note_text(&self.say(id, args));
    }

    pub(crate) fn note_text(&self, text: &str) {
        // Nobody is left to be told when stderr is closed.
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// Something that should have been written to stdout is lost.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken.get()
    }

    pub(crate) fn path(&self, path: &Path) -> String {
        visible(&self.host.display(path))
    }

    /// A progress bar on stderr, drawn on a terminal only.
    pub(crate) fn progress(&self, id: &str, length: Option<u64>) -> ProgressBar {
        let target = if self.stderr.is_terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(length, target);
        let template = if length.is_some() { "{msg} {wide_bar} {pos}/{len}" } else { "{msg} {spinner} {pos}" };
        let style = ProgressStyle::with_template(template).expect("the template is constant");
        bar.with_style(style).with_message(self.say(id, &[]))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn colour_needs_a_terminal_that_wants_it() {
        let check = |is_terminal, env: &[(&str, &str)], expect| {
            let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let host = Host::new(Host::this_os(), "/home/u".into(), env, Arc::new(|| jiff::Timestamp::UNIX_EPOCH));
            assert_eq!(Stream::new(is_terminal, Some(100), &host).colour, expect);
        };
        check(true, &[], true);
        check(true, &[("NO_COLOR", "1")], false);
        check(true, &[("NO_COLOR", "")], true);
        check(true, &[("TERM", "dumb")], false);
        check(false, &[], false);
    }
}
