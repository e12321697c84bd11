use std::collections::BTreeMap;

use crate::Warning;

/// Account of a document's text: each unit that the document holds (a run of text, a cell, a formula, an alternative
/// text) is in a block, or left out for a reason. The reasons become warnings.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    units: u64,
    in_blocks: u64,
    left_out: BTreeMap<&'static str, u64>,
    noted: BTreeMap<&'static str, u64>,
}

impl Ledger {
    /// Counts units that the document holds. They are counted apart from what becomes of them.
    pub(super) fn found(&mut self, units: u64) {
        self.units += units;
    }

    /// Counts a unit that is in a block.
    pub(super) fn placed(&mut self) {
        self.in_blocks += 1;
    }

    /// Counts units that are left out; `reason` names them: `comments left out`.
    pub(super) fn left_out(&mut self, reason: &'static str, units: u64) {
        if units > 0 {
            *self.left_out.entry(reason).or_default() += units;
        }
    }

    /// Counts what is worth a warning and is no unit of text, such as the address of a link.
    pub(super) fn note(&mut self, what: &'static str, count: u64) {
        if count > 0 {
            *self.noted.entry(what).or_default() += count;
        }
    }

    /// Closes the account: a warning for each reason, with its count.
    pub(super) fn warnings(&self) -> Vec<Warning> {
        debug_assert!(self.is_balanced(), "text is unaccounted for: {self:?}");
        let counts = self.left_out.iter().chain(&self.noted);
        counts
            .map(|(what, count)| Warning::document(format!("{what}: {count}")))
            .collect()
    }

    fn is_balanced(&self) -> bool {
        self.units == self.in_blocks + self.left_out.values().sum::<u64>()
    }
}

#[cfg(test)]
mod tests {
    use super::Ledger;

    #[test]
    fn what_is_left_out_is_a_warning_with_its_count() {
        let mut ledger = Ledger::default();
        ledger.found(3);
        ledger.placed();
        ledger.left_out("captions left out", 2);
        ledger.left_out("never seen", 0);
        ledger.note("addresses of links left out", 4);
        let messages: Vec<String> = ledger
            .warnings()
            .into_iter()
            .map(|warning| warning.message)
            .collect();
        assert_eq!(
            messages,
            ["captions left out: 2", "addresses of links left out: 4"]
        );
    }

    #[test]
    fn an_account_with_a_unit_too_few_does_not_balance() {
        let mut ledger = Ledger::default();
        ledger.found(2);
        ledger.placed();
        assert!(!ledger.is_balanced());
        ledger.left_out("notes left out", 1);
        assert!(ledger.is_balanced());
    }
}
