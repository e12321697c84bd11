use super::super::tree::{Element, NodeId, Tree};
use super::Walk;
use super::linear::linear;
use crate::ConvertError;
use crate::ir::{BlockKind, Formula};

/// Nodes that are looked at to find the formula of a box, at most.
const MAX_LOOK: usize = 400;

impl<'t> Walk<'t, '_, '_> {
    /// Reads an element that shows a formula more than once: as MathML, and as text or a picture. Returns false for any
    /// other.
    pub(super) fn boxed_formula(&mut self, id: NodeId, element: &'t Element) -> Result<bool, ConvertError> {
        if element.get("class").is_none() && element.name() != "mjx-container" {
            return Ok(false);
        }
        if self.facts.tex_scripts && element.has_class(|class| class.starts_with("MathJax")) {
            self.left_out("second copies of formulas left out", id);
            return Ok(true);
        }
        let is_box = element.name() == "mjx-container"
            || element.has_class(|class| matches!(class, "katex" | "mwe-math-element" | "MathJax"));
        if !is_box {
            return Ok(false);
        }
        let mut inside = self.tree.within(id, |_| true).take(MAX_LOOK);
        let math = inside.find(|id| self.tree.name(*id) == "math");
        match math {
            Some(math) => self.math(id, math).map(|()| true),
            None => Ok(false),
        }
    }

    /// Adds the formula `math`, which `outer` shows.
    pub(super) fn math(&mut self, outer: NodeId, math: NodeId) -> Result<(), ConvertError> {
        let tree = self.tree;
        self.placed(outer);
        let element = tree.element(math);
        let get = |name: &str| element.and_then(|element| element.get(name));
        let tex = annotation(tree, math).or_else(|| get("alttext").map(str::to_owned));
        let tex = tex.map(|tex| tex.trim().to_owned()).filter(|tex| !tex.is_empty());
        let text = tex.clone().unwrap_or_else(|| linear(tree, math));
        let around = tree.element(tree.parent(outer));
        let display = get("display") == Some("block")
            || around.is_some_and(|around| around.has_class(|class| class == "katex-display"))
            || tree
                .element(outer)
                .is_some_and(|outer| outer.get("display") == Some("true"));
        self.formula(
            Formula {
                tex,
                mathml: None,
                text,
            },
            display,
        )
    }

    /// Adds the formula of a script.
    pub(super) fn tex_script(&mut self, id: NodeId, element: &'t Element) -> Result<(), ConvertError> {
        let tex = self.tree.text(id).trim().to_owned();
        let display = element.get("type").is_some_and(|kind| kind.contains("display"));
        let formula = Formula {
            tex: Some(tex.clone()),
            mathml: None,
            text: tex,
        };
        self.formula(formula, display)
    }

    fn formula(&mut self, formula: Formula, display: bool) -> Result<(), ConvertError> {
        if formula.text.trim().is_empty() {
            return Ok(());
        }
        if display && self.lead.is_none() && !self.in_cell() {
            return self.leaf(BlockKind::Formula(formula));
        }
        self.line.formula(formula, &self.look);
        Ok(())
    }
}

/// TeX that stands in a formula beside its MathML.
fn annotation(tree: &Tree, math: NodeId) -> Option<String> {
    let found = tree.within(math, |_| true).find(|id| {
        let element = tree.element(*id).filter(|element| element.name() == "annotation");
        let encoding = element.and_then(|element| element.get("encoding"));
        encoding.is_some_and(|encoding| encoding.to_ascii_lowercase().contains("tex"))
    });
    found.map(|id| tree.text(id))
}
