//! Controls for tools of auditors: assessment results of OSCAL 1.1.2, as NIST publishes its schema.
//!
//! A control that cannot be decided is not claimed either way: it is neither among the reviewed controls nor among the findings, and is
//! named in the remarks. Names and times come from the input and the day alone, so that the same run gives the same document.

mod document;
mod name;

use std::collections::{BTreeMap, BTreeSet};

use super::{LIMIT, Run, beyond, example, named, place};
use crate::lint::{Assessment, Judged, Served, State};
use crate::report::markup::capital;
use crate::report::{Examined, permission};
use crate::source::Site;
use document::{
    Actor, Assets, BackMatter, Component, Document, Evidence, Finding, ImportPlan, Local, Metadata,
    Observation, Origin, Platform, Property, Resource, Results, Reviewed, Reviews, Selected, Selection,
    Status, Subject, Target, UseOf,
};
use name::{Names, control, link, one_line};

/// The version of OSCAL that documents are written in.
const OSCAL: &str = "1.1.2";
/// Whose our properties are.
const NAMESPACE: &str = "urn:mailward:oscal";

/// Everything as one JSON document with a line end; none if no policy was held against anything, since results are never empty.
///
/// # Errors
/// None for documents that mailward makes; passed on all the same.
pub fn oscal(run: Run<'_>) -> Result<Option<String>, serde_json::Error> {
    let results: Vec<Reviews> = run.all().map(|one| Author::new(run, one).result()).collect();
    if results.is_empty() {
        return Ok(None);
    }
    let names = Names::new(&serde_json::to_string(&results)?);
    let plan = names.uuid("plan");
    let document = Document {
        assessment_results: Results {
            uuid: names.uuid("document"),
            metadata: Metadata {
                title: "Firewall policies against standards".to_owned(),
                last_modified: time(run),
                version: run.today.to_string(),
                oscal_version: OSCAL,
                remarks: format!(
                    "Judged from packet rules alone, by mailward {}.",
                    env!("CARGO_PKG_VERSION")
                ),
            },
            import_ap: ImportPlan {
                href: format!("#{plan}"),
                remarks: "There is no assessment plan in a file: the resource says what is done.",
            },
            reviews: results,
            back_matter: BackMatter {
                resources: vec![Resource {
                    uuid: plan,
                    title: "mailward compliance",
                    description: "Every check that cites a control is run on the policy, for every packet. A control is satisfied if none of \
                                  them finds anything.",
                }],
            },
        },
    };
    serde_json::to_string_pretty(&document).map(|text| Some(text + "\n"))
}

/// The day as a time, since a run has no other.
fn time(run: Run<'_>) -> String {
    format!("{}T00:00:00Z", run.today)
}

/// Writes the result of one policy against one profile.
struct Author<'r> {
    examined: &'r Examined,
    assessment: &'r Assessment,
    names: Names,
    time: String,
}

impl<'r> Author<'r> {
    fn new(run: Run<'r>, (examined, assessment): (&'r Examined, &'r Assessment)) -> Self {
        let name = examined.name.as_deref().unwrap_or_default();
        let names = Names::new(&format!("{}\n{name}\n{}", examined.path, assessment.profile));
        Self { examined, assessment, names, time: time(run) }
    }

    fn result(&self) -> Reviews {
        let policy = self.examined.name.as_deref().unwrap_or_default();
        let profile = &self.assessment.profile;
        Reviews {
            uuid: self.names.uuid(&format!("result {}", self.time)),
            title: one_line(&format!("Policy {policy} against {profile}")),
            description: one_line(&format!("{}. {}.", named(self.assessment), capital(LIMIT))),
            start: self.time.clone(),
            end: self.time.clone(),
            local_definitions: self.definitions(policy),
            reviewed_controls: self.reviewed(),
            observations: self.observations(),
            findings: self.decided().map(|judged| self.finding(judged)).collect(),
            remarks: self.remarks(),
        }
    }

    /// The controls of which something is claimed.
    fn decided(&self) -> impl Iterator<Item = &'r Judged> {
        self.assessment.controls.iter().filter(|judged| judged.state.is_decided())
    }

    fn definitions(&self, policy: &str) -> Local {
        let component = |uuid, kind, title, description| Component {
            uuid,
            kind,
            title,
            description,
            status: Status { state: "operational" },
        };
        let described = format!("Rules of a packet filter, in {}", self.examined.path);
        let tool = self.names.uuid("tool");
        Local {
            components: vec![component(
                self.names.uuid("policy"),
                "policy",
                one_line(policy),
                one_line(&described),
            )],
            assessment_assets: Assets {
                components: vec![component(
                    tool,
                    "software",
                    "mailward".to_owned(),
                    "Holds policies of packet filters against checks".to_owned(),
                )],
                assessment_platforms: vec![Platform {
                    uuid: self.names.uuid("platform"),
                    title: format!("mailward {}", env!("CARGO_PKG_VERSION")),
                    uses_components: vec![UseOf { component_uuid: tool }],
                }],
            },
        }
    }

    fn reviewed(&self) -> Reviewed {
        let mut controls: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for judged in self.decided() {
            let (control, statement) = control(&self.assessment.profile, &judged.id);
            controls.entry(control).or_default().push(statement);
        }
        let chosen = |(control_id, statement_ids)| Selected { control_id, statement_ids };
        Reviewed {
            control_selections: vec![Selection {
                description: "Controls that packet rules show something of.",
                include_controls: controls.into_iter().map(chosen).collect(),
            }],
        }
    }

    /// One for each check that was run for a control of which something is claimed.
    fn observations(&self) -> Vec<Observation> {
        let mut seen = BTreeSet::new();
        let run = self.decided().flat_map(|judged| {
            judged.checks.iter().filter(|check| check.idle.is_none()).map(move |check| (judged, check))
        });
        run.filter(|(_, check)| seen.insert(check.id))
            .map(|(judged, check)| self.observation(judged, check))
            .collect()
    }

    fn observation(&self, judged: &Judged, check: &Served) -> Observation {
        let found = match check.findings {
            0 => "nothing found".to_owned(),
            1 => "1 finding".to_owned(),
            many => format!("{many} findings"),
        };
        Observation {
            uuid: self.observed(check),
            title: check.id,
            description: one_line(&format!("{}: {found}", check.summary)),
            methods: ["TEST"],
            types: [if check.findings > 0 { "finding" } else { "control-objective" }],
            origins: vec![Origin {
                actors: vec![Actor { kind: "assessment-platform", actor_uuid: self.names.uuid("platform") }],
            }],
            subjects: vec![Subject { subject_uuid: self.names.uuid("policy"), kind: "component" }],
            relevant_evidence: self.evidence(judged, check),
            collected: self.time.clone(),
        }
    }

    fn observed(&self, check: &Served) -> uuid::Uuid {
        self.names.uuid(&format!("check {}", check.id))
    }

    /// What was found, what is permitted, and else a packet that is refused; at least the policy itself.
    fn evidence(&self, judged: &Judged, check: &Served) -> Vec<Evidence> {
        let mut all = Vec::new();
        for finding in judged.findings.iter().filter(|finding| finding.code == check.id) {
            let packet = example(finding).map(|packet| format!(", for example {packet}")).unwrap_or_default();
            all.push(self.at(finding.primary.site, &format!("{}{packet}", finding.title)));
        }
        for one in judged.excepted.iter().filter(|one| one.finding.code == check.id) {
            all.push(
                self.at(one.by, &format!("Exception in force: {}, {}", one.finding.title, permission(one))),
            );
        }
        if let Some(refused) = &check.refused {
            all.push(self.at(refused.site, &format!("Refused by {}: {}", refused.by, refused.packet)));
        }
        if all.is_empty() {
            let description = "The whole policy was looked through.".to_owned();
            all.push(Evidence { href: link(&self.examined.path, None), description });
        }
        all
    }

    fn at(&self, site: Site, description: &str) -> Evidence {
        let sources = &self.examined.sources;
        let path = sources.file(site.file).map_or("", crate::source::SourceFile::path);
        let href = link(path, Some(sources.position(site).line));
        Evidence { href, description: one_line(description) }
    }

    fn finding(&self, judged: &Judged) -> Finding {
        let (_, id) = control(&self.assessment.profile, &judged.id);
        let (state, reason) = match judged.state {
            State::NotMet | State::NotDecidable => ("not-satisfied", "fail"),
            State::Excepted => ("satisfied", "other"),
            State::Met => ("satisfied", "pass"),
        };
        let run = judged.checks.iter().filter(|check| check.idle.is_none());
        let property = |name, value: &str| Property { name, ns: NAMESPACE, value: one_line(value) };
        Finding {
            uuid: self.names.uuid(&format!("control {}", judged.id)),
            title: one_line(&format!("{}: {}", judged.id, judged.title)),
            description: format!("{}, {LIMIT}.", capital(judged.state.words())),
            props: [property("control", &judged.id), property("state", judged.state.name())],
            target: Target {
                kind: "statement-id",
                id,
                status: document::Objective { state, reason, remarks: self.judgement(judged) },
            },
            related_observations: run
                .map(|check| document::Related { observation_uuid: self.observed(check) })
                .collect(),
        }
    }

    /// The limit of a judgement, and the exceptions that it rests on.
    fn judgement(&self, judged: &Judged) -> String {
        let limit = match beyond(self.assessment, judged) {
            Some(beyond) => format!("{}. Beyond that: {beyond}.", capital(LIMIT)),
            None => format!("{}.", capital(LIMIT)),
        };
        let excepted = judged.excepted.iter().map(|one| {
            let at = place(one.by, &self.examined.sources);
            format!(" Exception in force ({at}): {}, {}.", one.finding.title, permission(one))
        });
        one_line(&std::iter::once(limit).chain(excepted).collect::<String>())
    }

    /// What is not claimed.
    fn remarks(&self) -> Option<String> {
        let open = self.assessment.with(State::NotDecidable);
        let told =
            open.map(|judged| format!("{} ({})", judged.id, judged.because.as_deref().unwrap_or_default()));
        let told: Vec<String> = told.collect();
        let words = format!("Not decidable from packet rules, and not assessed: {}.", told.join("; "));
        (!told.is_empty()).then(|| one_line(&words))
    }
}
