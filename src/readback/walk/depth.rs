//! How deep chains jump.

use crate::readback::program::{Act, Program};
use crate::source::Diagnostic;

/// How deep chains may jump or go (`NFT_JUMP_STACK_SIZE` in `linux/netfilter/nf_tables.h`): a base chain and fifteen below
/// one another.
const DEEPEST: usize = 16;

/// Makes sure that jumps end.
///
/// # Errors
/// Chains that jump in circles, or too deep.
pub(super) fn check(program: &Program) -> Result<(), Diagnostic> {
    let mut depths = Depths { program, known: vec![None; program.chains.len()] };
    program.bases.iter().try_for_each(|base| depths.below(base.chain, 0).map(drop))
}

/// How many chains stand below one another, by the number of the first.
struct Depths<'p> {
    program: &'p Program,
    known: Vec<Option<usize>>,
}

impl Depths<'_> {
    fn below(&mut self, index: usize, above: usize) -> Result<usize, Diagnostic> {
        let Some(chain) = self.program.chains.get(index) else { return Ok(0) };
        let known = self.known.get(index).copied().flatten();
        if above + known.unwrap_or(1) > DEEPEST {
            let title = "chains jump in a circle, or too deep";
            return Err(Diagnostic::error("jump-too-deep", chain.site, title)
                .note(format!("netfilter follows jumps through at most {DEEPEST} chains")));
        }
        if let Some(known) = known {
            return Ok(known);
        }
        let mut deepest = 0;
        for rule in &chain.rules {
            if let Act::Jump(to) | Act::Goto(to) = rule.act {
                deepest = deepest.max(self.below(to, above + 1)?);
            }
        }
        self.known.iter_mut().skip(index).take(1).for_each(|known| *known = Some(deepest + 1));
        Ok(deepest + 1)
    }
}
