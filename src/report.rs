//! What people and machines see: one file for each output format.
