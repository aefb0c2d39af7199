//! The one integration test crate: the program and the library as their users meet them.

mod parse_policy;
mod reading;
