//! Names and texts that a ruleset has no room for.

use crate::lint::{Asked, Check, CheckSubject, Context, Meta};
use crate::model::{Comment, Log, Profile, Rule};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct TextOverlong;

static META: Meta = Meta {
    id: "text-overlong",
    summary: "a name or text is cut in the log or the comments of a ruleset",
    severity: Severity::Low,
    profiles: &[Profile::Hygiene],
    sources: &["iptables-extensions(8)"],
    page: include_str!("text_overlong.md"),
};

impl Check for TextOverlong {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn asked(&self) -> Asked {
        Asked::ByProfile
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for rule in context.rules() {
            findings.extend(cut_name(context, rule));
            findings.extend(cut_reason(context, rule));
        }
        let description = context.policy().description.as_ref();
        if description.is_some_and(|text| text.as_str().len() > Comment::LONGEST_SHOWN) {
            let finding =
                context.finding(context.policy().site, "the description is cut at the head of rulesets");
            findings.push(finding.help(shorter()));
        }
    }
}

/// A rule that logs under the start of its name.
fn cut_name(context: &Context<'_>, rule: &Rule) -> Option<Diagnostic> {
    let id = &rule.id.value;
    let name = Log::iptables_name(id);
    if (rule.log.is_none() && !rule.observes()) || name == id.as_str() {
        return None;
    }
    let most = Log::LONGEST_PREFIX - Log::PREFIX_END.len();
    let title = format!("rule `{id}` is called `{name}` in the log of iptables");
    let finding = context.finding(rule.id.site, title);
    Some(
        finding
            .note("whoever searches the log for the rule does not find it")
            .help(format!("give it a name of at most {most} characters")),
    )
}

/// A rule whose reason does not fit into the comment above it, even where the file has the shortest of names.
fn cut_reason(context: &Context<'_>, rule: &Rule) -> Option<Diagnostic> {
    let id = &rule.id.value;
    let reason = rule.reason.as_ref()?;
    let around = format!("{id} (a:1): ").len();
    if reason.as_str().len() + around <= Comment::LONGEST_SHOWN {
        return None;
    }
    let finding = context.finding(rule.id.site, format!("the reason of rule `{id}` is cut in rulesets"));
    Some(finding.help(shorter()))
}

fn shorter() -> String {
    format!("stay well below {} bytes; the whole story is for the ticket", Comment::LONGEST_SHOWN)
}
