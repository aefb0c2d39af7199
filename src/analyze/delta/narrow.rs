//! Only what can matter of two lists: after a small change in a long policy that is little.

use std::collections::{BTreeMap, BTreeSet};

use super::lists::{Draft, Sheet};
use crate::packet::{Cube, Family, Hook, Line};

/// How many changed lines are looked at one by one; of more, most of a list may matter.
const FEW: usize = 64;

/// The lines of one hook and family after the other.
type Layers<'l> = BTreeMap<(Hook, Family), Vec<&'l Line>>;

/// Two lists, without lines that decide the same packets alike in both: only packets of lines that are not in both lists,
/// in the same order, can meet something else, and only lines that hold some of those packets say what.
pub(super) fn narrowed(left: Draft, right: Draft) -> (Sheet, Sheet) {
    let changed = changed(&layers(&left.lines), &layers(&right.lines));
    if changed.len() > FEW {
        return (left.finish(), right.finish());
    }
    let matters = |line: &Line| changed.iter().any(|cube| cube.overlaps(&line.cube));
    (left.only(matters).finish(), right.only(matters).finish())
}

/// The boxes of the lines between what both lists begin with and what both end with; more than [`FEW`] if there are
/// more.
fn changed(left: &Layers<'_>, right: &Layers<'_>) -> Vec<Cube> {
    let kinds: BTreeSet<&(Hook, Family)> = left.keys().chain(right.keys()).collect();
    let mut cubes = Vec::new();
    for kind in kinds {
        let (left, right) = (of_kind(left, *kind), of_kind(right, *kind));
        let (before, after) = in_common(left, right);
        for lines in [left, right] {
            let middle = lines.get(before..lines.len() - after).unwrap_or_default();
            cubes.extend(middle.iter().take(FEW + 1).map(|line| line.cube.clone()));
        }
    }
    cubes
}

fn of_kind<'a, 'l>(layers: &'a Layers<'l>, kind: (Hook, Family)) -> &'a [&'l Line] {
    layers.get(&kind).map(Vec::as_slice).unwrap_or_default()
}

fn layers(lines: &[Line]) -> Layers<'_> {
    let mut layers = Layers::new();
    for line in lines {
        layers.entry((line.cube.hook, line.cube.family)).or_default().push(line);
    }
    layers
}

/// How many lines two lists have in common at their beginnings, and how many of the others at their ends.
fn in_common(left: &[&Line], right: &[&Line]) -> (usize, usize) {
    let same = |(one, other): &(&&Line, &&Line)| one.outcome == other.outcome && one.cube == other.cube;
    let before = left.iter().zip(right).take_while(same).count();
    let most = left.len().min(right.len()) - before;
    let after = left.iter().rev().zip(right.iter().rev()).take(most).take_while(same).count();
    (before, after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::delta::lists::{deciders, passage};
    use crate::lower::lower;
    use crate::parse;
    use crate::source::Sources;

    /// The list of a policy with a rule for each of some ports.
    fn draft(ports: &[u16]) -> Draft {
        let rule = |port| {
            format!(
                "  - {{ id: p{port}, action: allow, from: any, to: host, services: {{ tcp: [{port}] }} }}\n"
            )
        };
        let rules: Vec<String> = ports.iter().map(rule).collect();
        let text = format!("version: 1\nname: p\nrules:\n{}", rules.concat());
        let lowered = lower(parse::text("p.yaml", text, &mut Sources::default()));
        passage(&deciders(&lowered.policy.unwrap()))
    }

    fn sizes(left: &[u16], right: &[u16]) -> (usize, usize) {
        let (left, right) = narrowed(draft(left), draft(right));
        assert_eq!(
            (left.actors.len(), right.actors.len()),
            (left.list.lines().len(), right.list.lines().len())
        );
        (left.actors.len(), right.actors.len())
    }

    #[test]
    fn what_is_the_same_does_not_matter() {
        assert_eq!(sizes(&[25, 110], &[25, 110]), (0, 0));
        // The new rule and, of the input hook, what of the baseline speaks about packets that open a flow over TCP,
        // and the default; each for both families.
        let (left, right) = sizes(&[25, 110, 143, 993], &[25, 110, 995, 143, 993]);
        assert_eq!(right, left + 2);
        assert_eq!(sizes(&[25], &[25, 995]), (left, right), "however many rules are about something else");
    }

    #[test]
    fn many_changes_are_left_to_the_comparison() {
        let (left, right): (Vec<u16>, Vec<u16>) = ((1..40).collect(), (100..140).collect());
        let (all, whole) = (draft(&left).lines.len(), draft(&right).lines.len());
        assert_eq!(sizes(&left, &right), (all, whole));
    }
}
