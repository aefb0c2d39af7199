//! Enumerations with a word for each variant: what policy files and messages call it.

/// Every variant with its word, in the order people read them.
macro_rules! words {
    ($kind:ty, $($variant:ident = $word:literal),+ $(,)?) => {
        impl $kind {
            /// All of them with the word a policy file uses.
            pub const ALL: &[(Self, &'static str)] = &[$((Self::$variant, $word)),+];

            /// The word a policy file uses.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}
