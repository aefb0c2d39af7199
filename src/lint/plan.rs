//! Which checks are run, how much their findings weigh, and what they go by.

use std::collections::{BTreeMap, BTreeSet};

use super::own::OwnCheck;
use super::{ALL, Asked, Check, Meta, Parameter, find};
use crate::lower::Asked as Answer;
use crate::model::{Policy, Profile};
use crate::parse::{DemandDecl, ProfileDecl, QuestionDecl, SettingDecl, nearest};
use crate::source::{Diagnostic, Severity, Spanned};

/// Which checks are run, and how. The default runs what the profiles of a policy ask for.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    profiles: Vec<Profile>,
    settings: BTreeMap<&'static str, Setting>,
    locked: BTreeSet<&'static str>,
    only: BTreeSet<&'static str>,
    is_whole: bool,
    own: Vec<OwnCheck>,
}

/// What profiles set for one check.
#[derive(Clone, Debug, Default)]
struct Setting {
    is_on: Option<bool>,
    severity: Option<Severity>,
    parameters: BTreeMap<&'static str, u64>,
}

impl Plan {
    /// Built-in profiles besides those of the policy.
    #[must_use]
    pub fn of_profiles(profiles: &[Profile]) -> Self {
        Self { profiles: profiles.to_vec(), ..Self::default() }
    }

    /// The same plan for a few checks only, whatever profiles say; for all of them if there are none.
    #[must_use]
    pub fn only(self, ids: impl IntoIterator<Item = &'static str>) -> Self {
        Self { only: ids.into_iter().collect(), ..self }
    }

    /// The same plan with all checks that are for everybody besides: what some find is what others are about.
    #[must_use]
    pub fn whole(self) -> Self {
        Self { is_whole: true, ..self }
    }

    /// The built-in profiles that are asked for besides those of policies.
    #[must_use]
    pub fn profiles(&self) -> &[Profile] {
        &self.profiles
    }

    /// Adds profiles that somebody wrote; what a later one sets counts. The answers are those to
    /// [`questions`], in their order.
    ///
    /// # Errors
    /// Checks and parameters that do not exist, patterns that cannot be read, names that the policy does not have.
    pub fn with(mut self, decls: &[ProfileDecl], answers: Vec<Answer>) -> Result<Self, Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let mut answers = answers.into_iter();
        for decl in decls {
            let name = decl.name.as_ref().map_or("", |name| name.value.as_str());
            self.profiles.extend(decl.extends.iter().map(|profile| profile.value));
            for setting in &decl.checks {
                self.set(setting, &mut problems);
            }
            for id in &decl.locked {
                self.locked.extend(known(id, &mut problems).map(|check| check.meta().id));
            }
            for own in &decl.own {
                let asked = answers.by_ref().take(questions_of(&own.demand).len()).collect();
                self.own.extend(OwnCheck::new(name, own, asked, &mut problems));
            }
        }
        self.refuse_locked_off(decls, &mut problems);
        if problems.is_empty() { Ok(self) } else { Err(problems) }
    }

    fn set(&mut self, decl: &SettingDecl, problems: &mut Vec<Diagnostic>) {
        let Some(check) = known(&decl.id, problems) else { return };
        let setting = self.settings.entry(check.meta().id).or_default();
        setting.is_on = Some(decl.is_on);
        setting.severity = decl.severity.or(setting.severity);
        for (name, value) in &decl.parameters {
            match check.parameters().iter().find(|parameter| parameter.name == name.value) {
                Some(parameter) => drop(setting.parameters.insert(parameter.name, *value)),
                None => problems.push(no_parameter(check, name)),
            }
        }
    }

    /// A check that one profile locks is not for another one to switch off.
    fn refuse_locked_off(&self, decls: &[ProfileDecl], problems: &mut Vec<Diagnostic>) {
        let off = decls.iter().flat_map(|decl| &decl.checks).filter(|setting| !setting.is_on);
        for setting in off.filter(|setting| self.locked.contains(setting.id.value.as_str())) {
            let title = format!("`{}` is locked and cannot be switched off", setting.id.value);
            problems.push(Diagnostic::error("locked-check", setting.id.site, title).help("leave it on"));
        }
    }

    /// The checks that are run on a policy.
    #[must_use]
    pub fn checks(&self, policy: &Policy) -> Vec<&'static dyn Check> {
        ALL.iter().copied().filter(|check| self.wants(*check, policy)).collect()
    }

    fn wants(&self, check: &dyn Check, policy: &Policy) -> bool {
        if !self.only.is_empty() {
            return self.only.contains(check.meta().id);
        }
        if let Some(is_on) = self.settings.get(check.meta().id).and_then(|setting| setting.is_on) {
            return is_on;
        }
        if self.is_whole && check.asked() == Asked::Always {
            return true;
        }
        let mut profiles = self.profiles.iter().chain(&policy.profiles).peekable();
        match profiles.peek() {
            None => check.asked() == Asked::Always,
            Some(_) => profiles.any(|profile| check.meta().profiles.contains(profile)),
        }
    }

    /// Whether somebody asked for a check: by its name, or with a profile that it belongs to.
    #[must_use]
    pub(super) fn asks_for(&self, meta: &Meta) -> bool {
        let is_on = self.settings.get(meta.id).and_then(|setting| setting.is_on);
        let of_profile = || self.profiles.iter().any(|profile| meta.profiles.contains(profile));
        self.only.contains(meta.id) || is_on.unwrap_or_else(of_profile)
    }

    /// The checks of one's own that are run.
    #[must_use]
    pub fn own(&self) -> &[OwnCheck] {
        if self.only.is_empty() { &self.own } else { &[] }
    }

    /// Whether a profile switches a check off.
    #[must_use]
    pub fn is_off(&self, id: &str) -> bool {
        self.settings.get(id).is_some_and(|setting| setting.is_on == Some(false))
    }

    /// How much the findings of a check weigh, where a profile says so.
    #[must_use]
    pub fn severity(&self, id: &str) -> Option<Severity> {
        self.settings.get(id)?.severity
    }

    /// What a parameter of a check is.
    #[must_use]
    pub fn parameter(&self, id: &str, parameter: &Parameter) -> u64 {
        let set = self.settings.get(id).and_then(|setting| setting.parameters.get(parameter.name));
        set.copied().unwrap_or(parameter.default)
    }

    /// Whether an id is one of somebody's own checks.
    #[must_use]
    pub fn has_own(&self, id: &str) -> bool {
        self.own.iter().any(|own| own.id == id)
    }

    /// Whether nobody may be excepted from a check.
    #[must_use]
    pub fn is_locked(&self, id: &str) -> bool {
        self.locked.contains(id)
    }
}

/// What profiles ask about packets, in their words, which are those of a policy.
#[must_use]
pub fn questions(decls: &[ProfileDecl]) -> Vec<QuestionDecl> {
    decls.iter().flat_map(|decl| &decl.own).flat_map(|own| questions_of(&own.demand)).collect()
}

fn questions_of(demand: &DemandDecl) -> Vec<QuestionDecl> {
    match demand {
        DemandDecl::Never(packets) => vec![packets.question()],
        DemandDecl::Only(packets) => vec![packets.anywhere().question(), packets.question()],
        DemandDecl::EveryRule(_) => Vec::new(),
    }
}

/// The check with that id, or a problem at its place.
fn known(id: &Spanned<String>, problems: &mut Vec<Diagnostic>) -> Option<&'static dyn Check> {
    let check = find(&id.value);
    if check.is_none() {
        problems.push(no_check(id));
    }
    check
}

/// A check that does not exist.
pub(super) fn no_check(id: &Spanned<String>) -> Diagnostic {
    let title = format!("there is no check `{}`", id.value);
    let near = nearest(&id.value, ALL.iter().map(|check| check.meta().id));
    let help = near.map_or_else(
        || "`mailward explain` lists all of them".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Diagnostic::error("unknown-check", id.site, title).help(help)
}

fn no_parameter(check: &dyn Check, name: &Spanned<String>) -> Diagnostic {
    let names: Vec<String> =
        check.parameters().iter().map(|parameter| format!("`{}`", parameter.name)).collect();
    let help = match names.as_slice() {
        [] => "it has none besides `severity`".to_owned(),
        names => format!("it has `severity` and {}", names.join(", ")),
    };
    let title = format!("`{}` has no parameter `{}`", check.meta().id, name.value);
    Diagnostic::error("unknown-parameter", name.site, title).help(help)
}
