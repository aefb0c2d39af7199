//! What whole rulesets mean.
