//! What can be typed. The texts of `--help` are in the Fluent files (`help-<verb>`, `help-<verb>-<argument>`).

use std::path::PathBuf;

use clap::builder::StyledStr;
use clap::{Arg, ArgAction, Args, Command, CommandFactory as _, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use gatehouse_core::age_limit::Tool;
use gatehouse_core::finding::Severity;
use gatehouse_core::wording::{Language, Wording};
use jiff::SignedDuration;

#[derive(Debug, Parser)]
#[command(name = "gatehouse", version, disable_help_subcommand = true, disable_help_flag = true)]
#[command(disable_version_flag = true, infer_long_args = false)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Debug, Args)]
pub(crate) struct Global {
    #[arg(long, global = true, value_name = "en|es", hide_possible_values = true, value_enum)]
    pub(crate) lang: Option<Lang>,
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Lang {
    En,
    Es,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::English,
            Lang::Es => Self::Spanish,
        }
    }
}

/// One of two output formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    #[default]
    Table,
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Output {
    #[arg(long, value_name = "table|json", default_value = "table", hide_possible_values = true)]
    #[arg(hide_default_value = true, value_enum)]
    pub(crate) format: Format,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Scan(Scan),
    Show {
        id: String,
        #[command(flatten)]
        output: Output,
    },
    Diff {
        id: String,
        #[arg(long, value_name = "VERSION")]
        from: Option<String>,
        #[arg(long, value_name = "VERSION")]
        to: Option<String>,
        #[command(flatten)]
        output: Output,
    },
    Approve(Approve),
    Keep(Decision),
    KeepApproved(Decision),
    Hold {
        id: String,
    },
    Deny(Decision),
    Remove(Decision),
    Release(Release),
    Revoke {
        id: String,
    },
    Undo {
        id: String,
    },
    Unpin {
        id: String,
    },
    Review {
        #[command(flatten)]
        output: Output,
    },
    Watch {
        #[command(flatten)]
        output: Output,
    },
    Log {
        #[arg(long)]
        verify: bool,
        #[arg(long, conflicts_with = "verify")]
        network: bool,
        #[command(flatten)]
        output: Output,
    },
    Coverage {
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        output: Output,
    },
    Doctor {
        #[command(flatten)]
        output: Output,
    },
    Status {
        #[command(flatten)]
        output: Output,
    },
    Mode {
        #[arg(value_name = "monitor|ask", hide_possible_values = true, value_enum)]
        mode: Option<ModeWish>,
    },
    CliApprovals {
        #[arg(value_name = "allow|desk|never", hide_possible_values = true, value_enum)]
        setting: Option<CliApprovalsWish>,
    },
    LookUps {
        #[arg(value_name = "on|off|now|token|no-token", hide_possible_values = true, value_enum)]
        setting: Option<LookUpsWish>,
    },
    Pause {
        #[arg(value_name = "DURATION|off", default_value = "1h", hide_default_value = true, value_parser = pause)]
        duration: Pause,
    },
    AgeLimit(AgeLimit),
    Folder {
        path: PathBuf,
        #[arg(value_name = "ask|notify|ignore|developing", hide_possible_values = true, value_enum)]
        rule: FolderWish,
        #[arg(long)]
        put_back: bool,
    },
    Policy {
        #[command(subcommand)]
        verb: PolicyVerb,
    },
    Help {
        code: Option<String>,
    },
    Completions {
        #[arg(value_name = "SHELL", hide_possible_values = true, value_enum)]
        shell: Shell,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyVerb {
    Show {
        #[command(flatten)]
        output: Output,
    },
    Check {
        file: PathBuf,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Scan {
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    #[arg(long, value_name = "ID", requires = "paths")]
    pub(crate) client: Option<String>,
    #[command(flatten)]
    pub(crate) output: Output,
    #[arg(long)]
    pub(crate) offline: bool,
    #[arg(long, value_name = "low|medium|high|critical", hide_possible_values = true, value_enum)]
    pub(crate) fail_on: Option<Threshold>,
    #[arg(long)]
    pub(crate) fail_on_waiting: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Threshold {
    Low,
    Medium,
    High,
    Critical,
}

impl From<Threshold> for Severity {
    fn from(threshold: Threshold) -> Self {
        match threshold {
            Threshold::Low => Self::Low,
            Threshold::Medium => Self::Medium,
            Threshold::High => Self::High,
            Threshold::Critical => Self::Critical,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Approve {
    pub(crate) id: String,
    #[arg(long, group = "how")]
    pub(crate) this_version: bool,
    #[arg(long, group = "how", value_name = "VERSION", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub(crate) pin: Option<String>,
    #[arg(long, group = "how")]
    pub(crate) updates: bool,
    #[arg(long, group = "how")]
    pub(crate) developing: bool,
    #[arg(long)]
    pub(crate) only_here: bool,
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub(crate) typed_name: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Decision {
    pub(crate) id: String,
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Release {
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    pub(crate) id: Option<String>,
    #[arg(long)]
    pub(crate) all: bool,
    #[arg(long, requires = "all", conflicts_with = "id")]
    pub(crate) malicious_too: bool,
    #[arg(long, value_name = "TEXT", conflicts_with = "all")]
    pub(crate) note: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct AgeLimit {
    #[arg(value_name = "npm|uv", hide_possible_values = true, value_enum)]
    pub(crate) tool: Option<ToolWish>,
    #[arg(long, value_name = "DAYS", num_args = 0..=1, require_equals = true, default_missing_value = "14")]
    #[arg(requires = "tool", conflicts_with = "undo", value_parser = days)]
    pub(crate) set: Option<u32>,
    #[arg(long, requires = "tool")]
    pub(crate) undo: bool,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Of the others the limit is told alone.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ToolWish {
    Npm,
    Uv,
}

impl From<ToolWish> for Tool {
    fn from(tool: ToolWish) -> Self {
        match tool {
            ToolWish::Npm => Self::Npm,
            ToolWish::Uv => Self::Uv,
        }
    }
}

/// An error is the id of a message.
fn days(text: &str) -> Result<u32, String> {
    text.parse().ok().filter(|days| (1..=3_650).contains(days)).ok_or_else(|| "usage-days".to_owned())
}

/// Lockdown comes from the organisation's policy alone.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ModeWish {
    Monitor,
    Ask,
}

/// Who may approve from a terminal.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum CliApprovalsWish {
    Allow,
    Desk,
    Never,
}

/// Whether registries are asked, or that they are to be asked now.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LookUpsWish {
    On,
    Off,
    Now,
    Token,
    NoToken,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum FolderWish {
    Ask,
    Notify,
    Ignore,
    Developing,
}

/// For how long nothing new is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pause {
    Off,
    For(SignedDuration),
}

/// An error is the id of a message.
fn pause(text: &str) -> Result<Pause, String> {
    if text == "off" {
        return Ok(Pause::Off);
    }
    match text.parse::<SignedDuration>() {
        Ok(duration) if duration.is_positive() => Ok(Pause::For(duration)),
        Ok(_) => Err("usage-duration-above-zero".to_owned()),
        Err(_) => Err("usage-duration".to_owned()),
    }
}

impl Output {
    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }
}

impl Verb {
    /// Whether errors are told as JSON.
    pub(crate) fn wants_json(&self) -> bool {
        match self {
            Self::Scan(Scan { output, .. })
            | Self::Show { output, .. }
            | Self::Diff { output, .. }
            | Self::Review { output }
            | Self::Watch { output }
            | Self::Log { output, .. }
            | Self::Coverage { output, .. }
            | Self::Doctor { output }
            | Self::AgeLimit(AgeLimit { output, .. })
            | Self::Status { output }
            | Self::Policy { verb: PolicyVerb::Show { output } | PolicyVerb::Check { output, .. } } => output.is_json(),
            _ => false,
        }
    }

    /// The verb as it is typed, and whether it keeps a log: a verb that may only look leaves nothing behind.
    pub(crate) fn name(&self) -> (&'static str, bool) {
        match self {
            Self::Scan(_) => ("scan", false),
            Self::Show { .. } => ("show", false),
            Self::Diff { .. } => ("diff", false),
            Self::Approve(_) => ("approve", true),
            Self::Keep(_) => ("keep", true),
            Self::KeepApproved(_) => ("keep-approved", true),
            Self::Hold { .. } => ("hold", true),
            Self::Deny(_) => ("deny", true),
            Self::Remove(_) => ("remove", true),
            Self::Release(_) => ("release", true),
            Self::Revoke { .. } => ("revoke", true),
            Self::Undo { .. } => ("undo", true),
            Self::Unpin { .. } => ("unpin", true),
            Self::Review { .. } => ("review", false),
            Self::Watch { .. } => ("watch", true),
            Self::Log { .. } => ("log", false),
            Self::Coverage { .. } => ("coverage", false),
            Self::Doctor { .. } => ("doctor", false),
            Self::Status { .. } => ("status", false),
            Self::Mode { mode } => ("mode", mode.is_some()),
            Self::CliApprovals { setting } => ("cli-approvals", setting.is_some()),
            Self::LookUps { setting } => ("look-ups", setting.is_some()),
            Self::Pause { .. } => ("pause", true),
            Self::AgeLimit(AgeLimit { set, undo, .. }) => ("age-limit", set.is_some() || *undo),
            Self::Folder { .. } => ("folder", true),
            Self::Policy { .. } => ("policy", false),
            Self::Help { .. } => ("help", false),
            Self::Completions { .. } => ("completions", false),
        }
    }
}

/// The whole command line with its help in one language.
pub(crate) fn command(wording: &Wording) -> Command {
    let mut command = localised(Arguments::command(), "", wording);
    command = command.after_help(StyledStr::from(wording.text("help-exit-codes", &[])));
    localised_verbs(command, "", wording)
}

/// The verbs of a command, `policy-show` for one below another.
fn localised_verbs(mut command: Command, above: &str, wording: &Wording) -> Command {
    let verbs: Vec<_> = command.get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
    for verb in verbs {
        let whole = if above.is_empty() { verb.clone() } else { format!("{above}-{verb}") };
        command =
            command.mut_subcommand(&verb, |sub| localised_verbs(localised(sub, &whole, wording), &whole, wording));
    }
    command
}

fn localised(command: Command, verb: &str, wording: &Wording) -> Command {
    let say = |id: &str| wording.text(id, &[]);
    let id = if verb.is_empty() { "help-gatehouse".to_owned() } else { format!("help-{verb}") };
    let names: Vec<_> = command.get_arguments().map(|arg| arg.get_id().to_string()).collect();
    let mut command = command.about(say(&id)).disable_help_flag(true).subcommand_help_heading(say("help-verbs"));
    for (index, name) in names.iter().enumerate() {
        let shared = matches!(name.as_str(), "lang" | "verbose" | "format" | "id" | "note");
        // What every verb has comes last.
        let order = if matches!(name.as_str(), "lang" | "verbose") { 900 } else { index };
        let text = say(&if shared { format!("help-arg-{name}") } else { format!("help-{verb}-{name}") });
        command = command.mut_arg(name, |arg| {
            let heading = if arg.is_positional() { "help-arguments" } else { "help-options" };
            arg.help(text).help_heading(say(heading)).display_order(order)
        });
    }
    let flag = |name: &'static str| Arg::new(name).long(name).help_heading(say("help-options")).display_order(901);
    command = command.arg(flag("help").short('h').action(ArgAction::Help).help(say("help-arg-help")));
    if verb.is_empty() {
        command = command.arg(flag("version").short('V').action(ArgAction::Version).help(say("help-arg-version")));
    }
    command.help_template(format!("{{about}}\n\n{}: {{usage}}\n\n{{all-args}}{{after-help}}", say("help-usage")))
}

#[cfg(test)]
mod tests;
