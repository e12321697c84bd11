use super::object::{Object, object};
use crate::ir::{Formula, Inline, Link, Marks, Revision, Run};

pub(super) fn inline(inline: &Inline, out: &mut String) {
    object(out, |json| match inline {
        Inline::Break => json.boolean("break", true),
        Inline::Run(run) => write_run(run, json),
    });
}

fn write_run(run: &Run, json: &mut Object<'_>) {
    json.text("text", &run.text);
    let style = run.style;
    for (name, set) in [
        ("bold", style.bold),
        ("italic", style.italic),
        ("underline", style.underline),
        ("strike", style.strike),
        ("code", style.code),
        ("superscript", style.superscript),
        ("subscript", style.subscript),
        ("smallCaps", style.small_caps),
        ("highlight", style.highlight),
    ] {
        json.flag(name, set);
    }
    match &run.link {
        Some(Link::Href(href)) => json.object("link", |json| json.text("href", href)),
        Some(Link::Path(path)) => json.object("link", |json| json.text("path", path)),
        Some(Link::Block(id)) => json.object("link", |json| json.id("block", *id)),
        None => {}
    }
    if let Some(marks) = run.marks.as_deref() {
        write_marks(marks, json);
    }
}

fn write_marks(marks: &Marks, json: &mut Object<'_>) {
    json.text_if("lang", marks.lang.as_deref());
    json.id_if("note", marks.note);
    json.id_if("comment", marks.comment);
    json.text_if("image", marks.image.as_deref());
    if let Some(formula) = &marks.formula {
        json.object("formula", |json| write_formula(formula, json));
    }
    json.text_if("ruby", marks.ruby.as_deref());
    for (name, revision) in [("inserted", &marks.inserted), ("deleted", &marks.deleted)] {
        if let Some(Revision { author, date }) = revision {
            json.object(name, |json| {
                json.text_if("author", author.as_deref());
                json.text_if("date", date.as_deref());
            });
        }
    }
}

pub(super) fn write_formula(formula: &Formula, json: &mut Object<'_>) {
    json.text_if("tex", formula.tex.as_deref());
    json.text_if("mathml", formula.mathml.as_deref());
    json.text("text", &formula.text);
}
