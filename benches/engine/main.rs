//! x
#![allow(missing_docs)]
mod kinds; mod prefixes; mod generate; mod rewrite; mod hard; mod classbench;
fn main() {}
