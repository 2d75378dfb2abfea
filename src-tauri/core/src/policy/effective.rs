//! What all files of settings and the user's own decisions say together, each value with where it comes from.

use serde::{Deserialize, Serialize};

use super::keys::{CLI_APPROVALS, COOLDOWN_DAYS, LOOK_UPS, MODES};
use super::layer::{Layer, Problem, Source};
use super::{Addresses, CliApprovals, LookUpKind, LookUps, Managed, Matcher, Mode};

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody has set it.
    Default,
    /// A decision of the user's, in the ledger.
    Decided,
    File(Source),
}

/// A value in force, and what set it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective<T> {
    pub value: T,
    pub origin: Origin,
}

/// What the user has set by commands or in the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Own {
    pub mode: Option<Mode>,
    pub cli_approvals: Option<CliApprovals>,
    pub look_ups: Option<LookUps>,
}

/// All files together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Layers(pub Vec<Layer>);

impl Layers {
    /// The rules of all files, as they bind the user's own decisions: each is merged in the strict direction, and the
    /// user's file can only add to what binds.
    pub fn managed(&self) -> Managed {
        Managed {
            mode: self.0.iter().filter_map(|layer| layer.mode).max(),
            cli_approvals: self.0.iter().filter_map(|layer| layer.cli_approvals).max(),
            deny: self.0.iter().flat_map(|layer| layer.denied.iter().flatten()).cloned().collect(),
            allow: self.allowed().into_iter().map(|one| one.value).collect(),
            organization: self.0.iter().find_map(|layer| layer.organization.clone()),
            look_ups: self.0.iter().filter_map(|layer| layer.look_ups).max(),
            cooldown: self.0.iter().filter_map(|layer| layer.cooldown).max(),
            addresses: self.merged_addresses(),
            look_ups_without: LookUpKind::ALL.iter().copied().filter(|kind| !self.asks_about(*kind).value).collect(),
        }
    }

    /// The same, where a file that cannot be read now still says what it said when it was read last.
    #[must_use]
    pub fn or_last_good(self, before: &Self) -> Self {
        let keep = |layer: Layer| {
            let good = before.0.iter().find(|good| good.source == layer.source).filter(|_| layer.is_broken());
            match good {
                Some(good) => Layer { problems: layer.problems, ..good.clone() },
                None => layer,
            }
        };
        Self(self.0.into_iter().map(keep).collect())
    }

    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter().flat_map(|layer| &layer.problems)
    }

    /// The mode in force. Of equally strict ones the organisation's counts.
    pub fn mode(&self, own: Own) -> Effective<Mode> {
        strictest(self.0.iter().filter_map(|layer| Some((layer.mode?, &layer.source))), own.mode)
    }

    pub fn cli_approvals(&self, own: Own) -> Effective<CliApprovals> {
        strictest(self.0.iter().filter_map(|layer| Some((layer.cli_approvals?, &layer.source))), own.cli_approvals)
    }

    /// Off until somebody turns them on; whoever turns them off counts before whoever turns them on.
    pub fn look_ups(&self, own: Own) -> Effective<LookUps> {
        let files = self.0.iter().filter_map(|layer| Some((layer.look_ups?, Origin::File(layer.source.clone()))));
        let decided = own.look_ups.map(|value| (value, Origin::Decided));
        let all = files.chain(decided).map(|(value, origin)| Effective { value, origin });
        // Of equally strict ones the first counts: the organisation's.
        let best = all.reduce(|best, one| if one.value > best.value { one } else { best });
        best.unwrap_or(Effective { value: LookUps::Off, origin: Origin::Default })
    }

    /// In days.
    pub fn cooldown(&self) -> Effective<u32> {
        let files = self.0.iter().filter_map(|layer| Some((layer.cooldown?, Origin::File(layer.source.clone()))));
        let all = files.map(|(value, origin)| Effective { value, origin });
        let best = all.reduce(|best, one| if one.value > best.value { one } else { best });
        best.unwrap_or(Effective { value: COOLDOWN_DAYS, origin: Origin::Default })
    }

    /// Whether look-ups of a kind are made while look-ups are on: as at first, unless a file says otherwise; whoever turns
    /// them off counts before whoever turns them on.
    pub fn asks_about(&self, kind: LookUpKind) -> Effective<bool> {
        let off = self.0.iter().find(|layer| layer.look_up_kinds.get(&kind) == Some(&LookUps::Off));
        let on = self.0.iter().find(|layer| layer.look_up_kinds.contains_key(&kind));
        let origin = off.or(on).map_or(Origin::Default, |layer| Origin::File(layer.source.clone()));
        Effective { value: off.is_none() && (on.is_some() || kind.is_on_at_first()), origin }
    }

    /// An address that a file names: the first.
    pub fn address(&self, of: fn(&Addresses) -> Option<&String>) -> Option<Effective<String>> {
        let named = self.0.iter().find_map(|layer| Some((of(&layer.addresses)?, layer)));
        named.map(|(value, layer)| Effective { value: value.clone(), origin: Origin::File(layer.source.clone()) })
    }

    fn merged_addresses(&self) -> Addresses {
        let first = |of: fn(&Addresses) -> Option<&String>| self.address(of).map(|one| one.value);
        Addresses {
            advisories: first(|it| it.advisories.as_ref()),
            images: first(|it| it.images.as_ref()),
            listings: first(|it| it.listings.as_ref()),
            names: first(|it| it.names.as_ref()),
            npm: first(|it| it.npm.as_ref()),
            opinions: first(|it| it.opinions.as_ref()),
            python: first(|it| it.python.as_ref()),
            registrations: first(|it| it.registrations.as_ref()),
            repositories: first(|it| it.repositories.as_ref()),
        }
    }

    /// What may not run.
    pub fn denied(&self) -> Vec<Effective<Matcher>> {
        let of_layer = |layer: &Layer| elements(layer.denied.as_deref(), &layer.source);
        self.0.iter().flat_map(of_layer).collect()
    }

    /// What may run without a question: what every file that speaks of it names.
    pub fn allowed(&self) -> Vec<Effective<Matcher>> {
        let mut speaking = self.0.iter().filter(|layer| layer.allowed.is_some());
        let Some(first) = speaking.next() else { return Vec::new() };
        let rest: Vec<_> = speaking.filter_map(|layer| layer.allowed.as_ref()).collect();
        let in_all = |one: &Effective<Matcher>| rest.iter().all(|list| list.contains(&one.value));
        elements(first.allowed.as_deref(), &first.source).into_iter().filter(in_all).collect()
    }
}

fn elements(list: Option<&[Matcher]>, source: &Source) -> Vec<Effective<Matcher>> {
    let with_origin = |matcher: &Matcher| Effective { value: matcher.clone(), origin: Origin::File(source.clone()) };
    list.unwrap_or_default().iter().map(with_origin).collect()
}

fn strictest<'a, T: Ord + Copy + Default + 'a>(
    files: impl Iterator<Item = (T, &'a Source)>,
    own: Option<T>,
) -> Effective<T> {
    let mut best = match own {
        Some(value) => Effective { value, origin: Origin::Decided },
        None => Effective { value: T::default(), origin: Origin::Default },
    };
    for (value, source) in files {
        let is_first_file = !matches!(best.origin, Origin::File(_));
        if value > best.value || value == best.value && is_first_file {
            best = Effective { value, origin: Origin::File(source.clone()) };
        }
    }
    best
}

/// The word of a mode, as files have it.
pub fn mode_word(mode: Mode) -> &'static str {
    MODES[mode as usize]
}

/// The word of a setting, as files have it.
pub fn cli_approvals_word(setting: CliApprovals) -> &'static str {
    CLI_APPROVALS[setting as usize]
}

/// The word of a setting, as files have it.
pub fn look_ups_word(setting: LookUps) -> &'static str {
    LOOK_UPS[setting as usize]
}

#[cfg(test)]
mod tests;
