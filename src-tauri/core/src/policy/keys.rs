//! The settings of a policy, one row each. To add one: a row here, its field in [`super::Managed`], and what reads it.

/// One setting.
#[derive(Debug)]
pub struct Key {
    /// As it is written in a file.
    pub name: &'static str,
    pub kind: Kind,
    /// What holds where no file says anything, in words.
    pub default: &'static str,
    pub merge: Merge,
    pub on_invalid: OnInvalid,
    pub set_by: SetBy,
    /// For `docs/reference/policy.md`.
    pub doc: &'static str,
    /// The version that knew it first.
    pub since: &'static str,
}

/// What a value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One of these words, from loose to strict.
    Word(&'static [&'static str]),
    /// A list of `{"serverCommand": […]}`, `{"serverUrl": "…"}` and `{"launchHash": "v1:…"}`.
    Matchers,
    Text,
    /// A whole number of days, at most so many.
    Days(u32),
    /// An address of the web.
    Address,
}

/// What counts where several files say something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merge {
    Strictest,
    /// What any of them names.
    Union,
    /// What all of those that name anything name.
    Intersection,
    /// The first file's.
    First,
}

/// What a value that cannot be understood counts as. Each such value is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnInvalid {
    /// The strictest word.
    Strictest,
    /// The other elements count.
    StripElement,
    /// The other elements count; where there is none, nothing is allowed.
    EmptyAllow,
    /// As if it were not there.
    Drop,
}

/// Whose files a setting may stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetBy {
    /// The organisation's alone.
    Organisation,
    /// The user's own too, which can only be stricter.
    Both,
}

/// The words of `mode`, from loose to strict.
pub const MODES: &[&str] = &["monitor", "ask", "lockdown"];

/// The words of `cliApprovals`, from loose to strict.
pub const CLI_APPROVALS: &[&str] = &["allow", "desk", "never"];

/// The words of `lookUps`, from loose to strict.
pub const LOOK_UPS: &[&str] = &["on", "off"];

/// The age that new code has to reach before updates of an approved publisher run by themselves; the same as is proposed for
/// what a package manager takes.
pub use crate::age_limit::COOLDOWN_DAYS;

/// Every setting, sorted by name.
pub const KEYS: &[Key] = &[
    Key {
        name: "advisoryService",
        kind: Kind::Address,
        default: "the public service of OSV",
        merge: Merge::First,
        on_invalid: OnInvalid::Drop,
        set_by: SetBy::Both,
        doc: "The service that look-ups ask about vulnerable and harmful versions; it answers as OSV does.",
        since: "0.1.0",
    },
    Key {
        name: "allowedMcpServers",
        kind: Kind::Matchers,
        default: "nothing",
        merge: Merge::Intersection,
        on_invalid: OnInvalid::EmptyAllow,
        set_by: SetBy::Organisation,
        doc: "Launches that run without a question. In `lockdown` nothing else runs.",
        since: "0.1.0",
    },
    Key {
        name: "cliApprovals",
        kind: Kind::Word(CLI_APPROVALS),
        default: "what the user has set, else `allow`",
        merge: Merge::Strictest,
        on_invalid: OnInvalid::Strictest,
        set_by: SetBy::Both,
        doc: "Whether a terminal may approve: `allow`, only as a question at the `desk`, or `never`.",
        since: "0.1.0",
    },
    Key {
        name: "connectorRegistry",
        kind: Kind::Address,
        default: "the official registry of MCP servers",
        merge: Merge::First,
        on_invalid: OnInvalid::Drop,
        set_by: SetBy::Both,
        doc: "The registry of connectors that look-ups ask which packages and hosts it lists; it answers as the official one does.",
        since: "0.1.0",
    },
    Key {
        name: "cooldownDays",
        kind: Kind::Days(365),
        default: "14",
        merge: Merge::Strictest,
        on_invalid: OnInvalid::Strictest,
        set_by: SetBy::Both,
        doc: "How many days old a version has to be before it runs by an approval of its publisher's updates.",
        since: "0.1.0",
    },
    Key {
        name: "deniedMcpServers",
        kind: Kind::Matchers,
        default: "nothing",
        merge: Merge::Union,
        on_invalid: OnInvalid::StripElement,
        set_by: SetBy::Both,
        doc: "Launches that are held, whatever anybody approves.",
        since: "0.1.0",
    },
    Key {
        name: "imageRegistry",
        kind: Kind::Address,
        default: "the one that an image's name leads to",
        merge: Merge::First,
        on_invalid: OnInvalid::Drop,
        set_by: SetBy::Both,
        doc: "The registry that look-ups ask about images of public registries, in place of each image's own.",
        since: "0.1.0",
    },
    Key {
        name: "lookUpAdvisories",
        kind: Kind::Word(LOOK_UPS),
        default: "`on`",
        merge: Merge::Strictest,
        on_invalid: OnInvalid::Strictest,
        set_by: SetBy::Both,
        doc: "Whether look-ups ask for vulnerable and harmful versions: `on` or `off`. Nothing is asked while `lookUps` is `off`.",
        since: "0.1.0",
    },
    Key {
        name: "lookUpAttestations",
        kind: Kind::Word(LOOK_UPS),
        default: "`on`",
        merge: Merge::Strictest,
        on_invalid: OnInvalid::Strictest,
        set_by: SetBy::Both,
        doc: "Whether look-ups ask registries for the attestations of versions, which are verified here: `on` or `off`. Nothing is asked while `lookUps` is `off`.",
        since: "0.1.0",
    },
    Key {
        name: "lookUpDomains",
        kind: Kind::Word(LOOK_UPS),
        default: "`off`",
        merge: Merge::Strictest,
        on_invalid: OnInvalid::Strictest,
        set_by: SetBy::Both,
        doc: "Whether look-ups ask about the domains of publishers' mail addresses and of the hosts that connectors call: `on` or `off`. Directories of the net, and the registry of connectors, are told the registrable domains, `vendor.example` say, and no more. Nothing is asked while `lookUps` is `off`.",
        since: "0.1.0",
    },
    Key {
        name: "lookUpImages",
        kind: Kind::Word(LOOK_UPS),
        default: "`on`",
        merge: Merge::Strictest,
        on_invalid: OnInvalid::Strictest,
        set_by: SetBy::Both,
        doc: "Whether look-ups ask public registries of images where the names in launches lead, and what the images say of themselves: `on` or `off`. Nothing is asked while `lookUps` is `off`.",
        since: "0.1.0",
    },
    Key {
        name: "lookUpListings",
        kind: Kind::Word(LOOK_UPS),
        default: "`on`",
        merge: Merge::Strictest,
        on_invalid: OnInvalid::Strictest,
        set_by: SetBy::Both,
        doc: "Whether look-ups ask the registry of connectors for the entries that packages say they are: `on` or `off`. Nothing is asked while `lookUps` is `off`.",
        since: "0.1.0",
    },
    Key {
        name: "lookUpOpinions",
        kind: Kind::Word(LOOK_UPS),
        default: "`off`",
        merge: Merge::Strictest,
        on_invalid: OnInvalid::Strictest,
        set_by: SetBy::Both,
        doc: "Whether look-ups ask an index of packages that looks at them by itself for a second opinion: `on` or `off`. Nothing is asked while `lookUps` is `off`.",
        since: "0.1.0",
    },
    Key {
        name: "lookUpRepositories",
        kind: Kind::Word(LOOK_UPS),
        default: "`on`",
        merge: Merge::Strictest,
        on_invalid: OnInvalid::Strictest,
        set_by: SetBy::Both,
        doc: "Whether look-ups ask the host of the repositories that packages name how old they are, and whose: `on` or `off`. Nothing is asked while `lookUps` is `off`.",
        since: "0.1.0",
    },
    Key {
        name: "lookUpSignatures",
        kind: Kind::Word(LOOK_UPS),
        default: "`on`",
        merge: Merge::Strictest,
        on_invalid: OnInvalid::Strictest,
        set_by: SetBy::Both,
        doc: "Whether look-ups ask npm's registry for the keys that it signs packages with; signatures are verified here: `on` or `off`. Nothing is asked while `lookUps` is `off`.",
        since: "0.1.0",
    },
    Key {
        name: "lookUps",
        kind: Kind::Word(LOOK_UPS),
        default: "what the user has set, else `off`",
        merge: Merge::Strictest,
        on_invalid: OnInvalid::Strictest,
        set_by: SetBy::Both,
        doc: "Whether registries are asked which versions they have of the packages that connectors run: `on` or `off`.",
        since: "0.1.0",
    },
    Key {
        name: "mode",
        kind: Kind::Word(MODES),
        default: "what the user has set, else `ask`",
        merge: Merge::Strictest,
        on_invalid: OnInvalid::Strictest,
        set_by: SetBy::Both,
        doc: "`monitor` records and edits nothing, `ask` holds until somebody decides, `lockdown` runs only what is allowed here.",
        since: "0.1.0",
    },
    Key {
        name: "nameService",
        kind: Kind::Address,
        default: "a public resolver",
        merge: Merge::First,
        on_invalid: OnInvalid::Drop,
        set_by: SetBy::Both,
        doc: "The resolver that look-ups ask about domains; it answers in JSON over the web.",
        since: "0.1.0",
    },
    Key {
        name: "npmRegistry",
        kind: Kind::Address,
        default: "what npm's own settings name",
        merge: Merge::First,
        on_invalid: OnInvalid::Drop,
        set_by: SetBy::Both,
        doc: "The registry that look-ups ask about npm packages.",
        since: "0.1.0",
    },
    Key {
        name: "opinionService",
        kind: Kind::Address,
        default: "the public service of deps.dev",
        merge: Merge::First,
        on_invalid: OnInvalid::Drop,
        set_by: SetBy::Both,
        doc: "The index that look-ups ask for a second opinion; it answers as deps.dev does.",
        since: "0.1.0",
    },
    Key {
        name: "organizationName",
        kind: Kind::Text,
        default: "not named",
        merge: Merge::First,
        on_invalid: OnInvalid::Drop,
        set_by: SetBy::Organisation,
        doc: "Who is named where a setting is the organisation's.",
        since: "0.1.0",
    },
    Key {
        name: "pythonIndex",
        kind: Kind::Address,
        default: "what the settings of uv or pip name, else Python's own",
        merge: Merge::First,
        on_invalid: OnInvalid::Drop,
        set_by: SetBy::Both,
        doc: "The simple index that look-ups ask about Python packages; only one that answers in JSON tells how old a version is.",
        since: "0.1.0",
    },
    Key {
        name: "registrationService",
        kind: Kind::Address,
        default: "the public service that leads to each registry",
        merge: Merge::First,
        on_invalid: OnInvalid::Drop,
        set_by: SetBy::Both,
        doc: "Where look-ups ask when a domain was registered; it answers as RDAP has it.",
        since: "0.1.0",
    },
    Key {
        name: "repositoryService",
        kind: Kind::Address,
        default: "the public service of GitHub",
        merge: Merge::First,
        on_invalid: OnInvalid::Drop,
        set_by: SetBy::Both,
        doc: "Where look-ups ask about repositories; it answers as GitHub does.",
        since: "0.1.0",
    },
];

/// The row of a name.
pub fn key(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}
