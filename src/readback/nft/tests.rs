//! What rulesets mean.
