//! The parts of OSCAL's assessment results that are written.

use serde::Serialize;
use uuid::Uuid;

/// The whole file.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Document {
    pub(super) assessment_results: Results,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Results {
    pub(super) uuid: Uuid,
    pub(super) metadata: Metadata,
    pub(super) import_ap: ImportPlan,
    #[serde(rename = "results")]
    pub(super) reviews: Vec<Reviews>,
    pub(super) back_matter: BackMatter,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Metadata {
    pub(super) title: String,
    pub(super) last_modified: String,
    pub(super) version: String,
    pub(super) oscal_version: &'static str,
    pub(super) remarks: String,
}

/// The assessment plan.
#[derive(Serialize)]
pub(super) struct ImportPlan {
    pub(super) href: String,
    pub(super) remarks: &'static str,
}

#[derive(Serialize)]
pub(super) struct BackMatter {
    pub(super) resources: Vec<Resource>,
}

#[derive(Serialize)]
pub(super) struct Resource {
    pub(super) uuid: Uuid,
    pub(super) title: &'static str,
    pub(super) description: &'static str,
}

/// One policy against one profile. Lists of OSCAL are left out rather than empty.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Reviews {
    pub(super) uuid: Uuid,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) start: String,
    pub(super) end: String,
    pub(super) local_definitions: Local,
    pub(super) reviewed_controls: Reviewed,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) observations: Vec<Observation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) findings: Vec<Finding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) remarks: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Local {
    pub(super) components: Vec<Component>,
    pub(super) assessment_assets: Assets,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Assets {
    pub(super) components: Vec<Component>,
    pub(super) assessment_platforms: Vec<Platform>,
}

#[derive(Serialize)]
pub(super) struct Component {
    pub(super) uuid: Uuid,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) status: Status,
}

#[derive(Serialize)]
pub(super) struct Status {
    pub(super) state: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Platform {
    pub(super) uuid: Uuid,
    pub(super) title: String,
    pub(super) uses_components: Vec<UseOf>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct UseOf {
    pub(super) component_uuid: Uuid,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Reviewed {
    pub(super) control_selections: Vec<Selection>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Selection {
    pub(super) description: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) include_controls: Vec<Selected>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Selected {
    pub(super) control_id: String,
    pub(super) statement_ids: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Observation {
    pub(super) uuid: Uuid,
    pub(super) title: &'static str,
    pub(super) description: String,
    pub(super) methods: [&'static str; 1],
    pub(super) types: [&'static str; 1],
    pub(super) origins: Vec<Origin>,
    pub(super) subjects: Vec<Subject>,
    pub(super) relevant_evidence: Vec<Evidence>,
    pub(super) collected: String,
}

#[derive(Serialize)]
pub(super) struct Origin {
    pub(super) actors: Vec<Actor>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Actor {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) actor_uuid: Uuid,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Subject {
    pub(super) subject_uuid: Uuid,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
}

#[derive(Serialize)]
pub(super) struct Evidence {
    pub(super) href: String,
    pub(super) description: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Finding {
    pub(super) uuid: Uuid,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) props: [Property; 2],
    pub(super) target: Target,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) related_observations: Vec<Related>,
}

#[derive(Serialize)]
pub(super) struct Property {
    pub(super) name: &'static str,
    pub(super) ns: &'static str,
    pub(super) value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Target {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    #[serde(rename = "target-id")]
    pub(super) id: String,
    pub(super) status: Objective,
}

#[derive(Serialize)]
pub(super) struct Objective {
    pub(super) state: &'static str,
    pub(super) reason: &'static str,
    pub(super) remarks: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Related {
    pub(super) observation_uuid: Uuid,
}
