//! The schemas for editors: made of the tables that the readers go by, and of one mind with the readers.

mod generate;
mod kinds;
mod validate;

use mailward::parse::Mapping;
use serde_json::Value;

use crate::docs::{compare, in_repository};

/// A published schema, the file it is about, and what editors show of it.
const SCHEMAS: [(&str, Mapping, &str, &str); 4] = [
    (
        "schema/policy.schema.json",
        Mapping::Policy,
        "policy of mailward",
        "A policy, or a file with zones, networks, services and expectations for policies to include.",
    ),
    (
        "schema/mailward.schema.json",
        Mapping::Settings,
        "project of mailward",
        "The settings of a project, `mailward.yaml`.",
    ),
    (
        "schema/profile.schema.json",
        Mapping::Profile,
        "profile of mailward",
        "Which checks are run and how, and checks of one's own.",
    ),
    (
        "schema/baseline.schema.json",
        Mapping::Known,
        "baseline of mailward",
        "Findings that are known, each until somebody settles it.",
    ),
];

#[test]
fn the_published_schemas_are_those_of_the_readers() {
    for (path, file, title, description) in SCHEMAS {
        let should =
            serde_json::to_string_pretty(&generate::schema(file, title, description)).unwrap() + "\n";
        compare(path, &std::fs::read_to_string(in_repository(path)).unwrap_or_default(), &should);
    }
}
