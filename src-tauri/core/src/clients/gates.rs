//! Settings that open the gate: what a client then starts, uses or runs without a question.
//!
//! To add one: a row in the list of its client. A list may hold only what was read in the client's documentation or seen
//! to work; a setting that does nothing is a false alarm in every repository that has it.

use Pattern::{Any, Key};

use crate::document::Pattern;
use crate::finding::Code;

/// One setting.
#[derive(Debug)]
pub struct Gate {
    pub pattern: &'static [Pattern],
    pub opens: Opens,
    pub code: Code,
}

/// Which value opens the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    /// This one.
    Flag(bool),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list that is not empty.
    Listed,
    /// Items of a list that begin with one of these.
    Items(&'static [&'static str]),
    /// Variables that redirect traffic or load code, each by itself.
    Variables,
    /// Shell commands: the texts below, however deep, that stand under one of these keys.
    Commands(&'static [&'static str]),
    /// Any text or list of words, which is run.
    Program,
}

const fn gate(pattern: &'static [Pattern], opens: Opens, code: Code) -> Gate {
    Gate { pattern, opens, code }
}

/// Claude Code, for the user and on one machine.
pub(super) const CLAUDE_CODE: &[Gate] = &[
    CLAUDE_EVERY_SERVER,
    CLAUDE_MODE,
    CLAUDE_ALLOWED,
    gate(&[Key("hooks")], Opens::Commands(&["command"]), Code::HookCommand),
];

/// Claude Code, as a repository ships it: there it also names the servers that start, and where everything goes.
pub(super) const CLAUDE_CODE_SHIPPED: &[Gate] = &[
    CLAUDE_EVERY_SERVER,
    gate(&[Key("enabledMcpjsonServers")], Opens::Listed, Code::ApprovesProjectServers),
    CLAUDE_MODE,
    CLAUDE_ALLOWED,
    gate(&[Key("hooks")], Opens::Commands(&["command"]), Code::HookCommand),
    gate(&[Key("apiKeyHelper")], Opens::Program, Code::HookCommand),
    gate(&[Key("awsAuthRefresh")], Opens::Program, Code::HookCommand),
    gate(&[Key("awsCredentialExport")], Opens::Program, Code::HookCommand),
    gate(&[Key("otelHeadersHelper")], Opens::Program, Code::HookCommand),
    gate(&[Key("statusLine")], Opens::Commands(&["command"]), Code::HookCommand),
    gate(&[Key("env")], Opens::Variables, Code::RedirectedClient),
];

const CLAUDE_EVERY_SERVER: Gate =
    gate(&[Key("enableAllProjectMcpServers")], Opens::Flag(true), Code::ApprovesProjectServers);
const CLAUDE_MODE: Gate =
    gate(&[Key("permissions"), Key("defaultMode")], Opens::Word(&["bypassPermissions"]), Code::AsksNoOne);
const CLAUDE_ALLOWED: Gate =
    gate(&[Key("permissions"), Key("allow")], Opens::Items(&["mcp__"]), Code::AutoApprovedTools);

/// Codex, whose file holds its connectors too.
pub(super) const CODEX: &[Gate] = &[
    gate(&[Key("approval_policy")], Opens::Word(&["never"]), Code::AsksNoOne),
    gate(&[Key("sandbox_mode")], Opens::Word(&["danger-full-access"]), Code::AsksNoOne),
    gate(&[Key("notify")], Opens::Program, Code::HookCommand),
];

/// Codex in a repository, where another model's address takes what is said to it elsewhere.
pub(super) const CODEX_SHIPPED: &[Gate] = &[
    gate(&[Key("approval_policy")], Opens::Word(&["never"]), Code::AsksNoOne),
    gate(&[Key("sandbox_mode")], Opens::Word(&["danger-full-access"]), Code::AsksNoOne),
    gate(&[Key("notify")], Opens::Program, Code::HookCommand),
    gate(&[Key("model_providers"), Any, Key("base_url")], Opens::Program, Code::RedirectedClient),
];

/// Gemini CLI and what is made from it.
pub(super) const GEMINI: &[Gate] = &[
    gate(&[Key("general"), Key("defaultApprovalMode")], Opens::Word(&["yolo"]), Code::AsksNoOne),
    gate(&[Key("tools"), Key("approvalMode")], Opens::Word(&["yolo"]), Code::AsksNoOne),
    gate(&[Key("security"), Key("folderTrust"), Key("enabled")], Opens::Flag(false), Code::AsksNoOne),
    gate(&[Key("tools"), Key("autoAccept")], Opens::Flag(true), Code::AutoApprovedTools),
    gate(&[Key("autoAccept")], Opens::Flag(true), Code::AutoApprovedTools),
    gate(&[Key("hooks")], Opens::Commands(&["command"]), Code::HookCommand),
];

/// Visual Studio Code, for the user and in a workspace.
pub(super) const VSCODE: &[Gate] = &[
    gate(&[Key("chat.tools.autoApprove")], Opens::Flag(true), Code::AsksNoOne),
    gate(&[Key("chat.tools.global.autoApprove")], Opens::Flag(true), Code::AsksNoOne),
];

/// Visual Studio Code in a workspace, where a proxy reads what its extensions send.
pub(super) const VSCODE_SHIPPED: &[Gate] = &[
    gate(&[Key("chat.tools.autoApprove")], Opens::Flag(true), Code::AsksNoOne),
    gate(&[Key("chat.tools.global.autoApprove")], Opens::Flag(true), Code::AsksNoOne),
    gate(&[Key("http.proxy")], Opens::Program, Code::RedirectedClient),
];

/// Cursor's hooks have a file of their own.
pub(super) const CURSOR_HOOKS: &[Gate] = &[gate(&[Key("hooks")], Opens::Commands(&["command"]), Code::HookCommand)];

/// Cursor's command line keeps the tools that it may use unasked.
pub(super) const CURSOR_CLI: &[Gate] =
    &[gate(&[Key("permissions"), Key("allow")], Opens::Items(&["Mcp("]), Code::AutoApprovedTools)];

pub(super) const AMP: &[Gate] = &[gate(&[Key("amp.dangerouslyAllowAll")], Opens::Flag(true), Code::AsksNoOne)];

pub(super) const ZED: &[Gate] =
    &[gate(&[Key("agent"), Key("always_allow_tool_actions")], Opens::Flag(true), Code::AsksNoOne)];

pub(super) const CRUSH: &[Gate] =
    &[gate(&[Key("permissions"), Key("allowed_tools")], Opens::Items(&["mcp_"]), Code::AutoApprovedTools)];

pub(super) const MISTRAL_VIBE: &[Gate] = &[gate(&[Key("auto_approve")], Opens::Flag(true), Code::AsksNoOne)];

/// OpenCode in a repository.
pub(super) const OPENCODE_SHIPPED: &[Gate] =
    &[gate(&[Key("provider"), Any, Key("options"), Key("baseURL")], Opens::Program, Code::RedirectedClient)];
