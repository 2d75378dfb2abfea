//! Which members of an entry mean what, as far as clients agree.

use super::{Shape, Switch};

/// Members that many clients have: what a connector may take, and which of its tools are offered.
const LIMITS: &[&str] = &[
    "timeout",
    "initTimeout",
    "description",
    "enabledTools",
    "disabledTools",
    "enabled_tools",
    "disabled_tools",
    "includeTools",
    "excludeTools",
];

/// What nearly every client understands.
pub(super) const COMMON: Shape = Shape {
    command: "command",
    args: "args",
    env: "env",
    cwd: "cwd",
    url: &["url"],
    headers: &["headers"],
    kind: "type",
    http: "http",
    builtin: &[],
    nested: "transport",
    passed: &[],
    volatile: LIMITS,
    trust: &["alwaysAllow", "autoApprove"],
    joined_args: false,
    switch: None,
};

pub(super) const DISABLED: Option<Switch> = Some(Switch { key: "disabled", off: true });
pub(super) const ENABLED: Option<Switch> = Some(Switch { key: "enabled", off: false });

/// Entries with `disabled: true` are off.
pub(super) const WITH_DISABLED: Shape = Shape { switch: DISABLED, ..COMMON };

/// Entries with `enabled: false` are off.
pub(super) const WITH_ENABLED: Shape = Shape { switch: ENABLED, ..COMMON };

/// An address under `serverUrl`, and `disabled`.
pub(super) const SERVER_URL: Shape = Shape { url: &["serverUrl", "url"], ..WITH_DISABLED };

/// Gemini CLI and its descendants: `httpUrl` is the older name of a streamable address; `trust` runs tools unasked.
pub(super) const GEMINI: Shape = Shape { url: &["httpUrl", "url"], trust: &["trust"], ..COMMON };

/// OpenCode and its descendants: the command is an array, variables stand under `environment`.
pub(super) const OPENCODE: Shape = Shape { env: "environment", switch: ENABLED, ..COMMON };

/// Goose: its own names throughout; secrets that `env_keys` names come from its keyring.
pub(super) const GOOSE: Shape = Shape {
    command: "cmd",
    env: "envs",
    url: &["uri"],
    http: "streamable_http",
    builtin: &["builtin", "platform", "frontend"],
    passed: &["env_keys"],
    volatile: &["name", "timeout", "description", "display_name", "bundled", "available_tools"],
    trust: &[],
    switch: ENABLED,
    ..COMMON
};

/// Continue: the name stands in the entry, which has been found by it.
pub(super) const CONTINUE: Shape =
    Shape { volatile: &["name", "connectionTimeout", "faviconUrl"], trust: &[], http: "streamable-http", ..COMMON };

/// The XML of the editors of JetBrains: its own names, and the arguments as they are typed.
pub(super) const JETBRAINS: Shape = Shape {
    command: "programPath",
    args: "arguments",
    env: "envs",
    cwd: "workingDirectory",
    nested: "",
    volatile: &["name", "allowedToolsNames"],
    trust: &[],
    joined_args: true,
    switch: ENABLED,
    ..COMMON
};

/// Docker's gateway: what runs is told by its catalogue, and of a service by members that count as they stand.
pub(super) const GATEWAY: Shape = Shape {
    command: "",
    args: "",
    env: "environment",
    cwd: "",
    url: &[],
    headers: &[],
    kind: "",
    builtin: &[""],
    nested: "",
    volatile: &[],
    trust: &[],
    ..COMMON
};

/// Mistral Vibe: as [`CONTINUE`], with the transport under its own name.
pub(super) const VIBE: Shape = Shape {
    kind: "transport",
    nested: "",
    volatile: &["name", "startup_timeout_sec", "tool_timeout_sec", "disabled_tools", "enabled_tools"],
    trust: &[],
    switch: DISABLED,
    ..COMMON
};
