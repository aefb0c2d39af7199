//! Traces for people.

use super::{Answer, Answers};
use crate::analyze::{Dormant, Step, describe};
use crate::cli::answer::{limit, line, list, named};
use crate::model::{Comment, Log, Verdict};
use crate::packet::{Packet, TCP};

/// Each packet with what becomes of it, with an empty line between them.
pub(super) fn text(answers: &Answers<'_>) -> String {
    let texts: Vec<String> = answers.all.iter().map(|answer| answers.packet(answer)).collect();
    texts.join("\n")
}

impl Answers<'_> {
    fn packet(&self, answer: &Answer<'_>) -> String {
        let trace = &answer.trace;
        let mut text = format!("{}\n{}", describe(self.policy, &trace.packet), self.verdict(answer));
        text += &line("logged", &logged(trace.decider.entry.log));
        text += &list("assumed", &answer.assumed);
        if !trace.passed.is_empty() {
            let parts: Vec<&str> = trace.passed.iter().map(|part| part.name()).collect();
            text += &line("passed", &format!("the baseline's {}", parts.join(", ")));
        }
        text += &list("observed", &each(&trace.observers, |step| self.observer(step)));
        text += &list("later", &each(&trace.later, |step| self.later(step, &trace.packet)));
        text += &list("disabled", &each(&trace.disabled, |dormant| self.dormant(dormant, &trace.packet)));
        text
    }

    fn verdict(&self, answer: &Answer<'_>) -> String {
        let Step { entry, subject, site } = answer.trace.decider;
        let by = format!("by {}", named(subject, site, self.sources));
        match entry.verdict {
            Verdict::Accept => line("accepted", &by),
            Verdict::Reject => line("rejected", &format!("{}{by}", self.reply(&answer.trace.packet))),
            Verdict::Drop | Verdict::Observe => line("dropped", &by),
        }
    }

    fn observer(&self, step: &Step<'_>) -> String {
        format!("by {}, logged {}", named(step.subject, step.site, self.sources), logged(step.entry.log))
    }

    fn later(&self, step: &Step<'_>, packet: &Packet) -> String {
        format!("{} would {}", named(step.subject, step.site, self.sources), self.would(step, packet))
    }

    fn dormant(&self, dormant: &Dormant<'_>, packet: &Packet) -> String {
        let Dormant { step, is_in_time } = dormant;
        let rule = self.policy.rule_of(step.entry);
        let reason = rule.and_then(|rule| rule.disabled.as_ref()).map_or("", Comment::as_str);
        let place = if *is_in_time { "it comes first and" } else { "it comes later and" };
        format!(
            "{}: {place} would {} (off: {reason})",
            named(step.subject, step.site, self.sources),
            self.would(step, packet)
        )
    }

    /// What an entry would do with a packet.
    fn would(&self, step: &Step<'_>, packet: &Packet) -> String {
        match step.entry.verdict {
            Verdict::Accept => "accept it".to_owned(),
            Verdict::Drop => "drop it".to_owned(),
            Verdict::Reject => format!("reject it {}", self.reply(packet)).trim_end().to_owned(),
            Verdict::Observe => "log it and let it go on".to_owned(),
        }
    }

    /// How the sender learns of a rejection, with a blank behind it.
    fn reply(&self, packet: &Packet) -> String {
        self.reply.map_or_else(String::new, |reply| format!("{} ", reply(packet)))
    }
}

fn each<T>(all: &[T], word: impl Fn(&T) -> String) -> Vec<String> {
    all.iter().map(word).collect()
}

fn logged(log: Option<Log>) -> String {
    log.map_or_else(|| "no".to_owned(), limit)
}

/// How the sender learns that a policy rejects a packet.
pub(super) fn reply(packet: &Packet) -> &'static str {
    if packet.protocol() == TCP { "with a reset" } else { "with an ICMP error (administratively prohibited)" }
}
