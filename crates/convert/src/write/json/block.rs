use super::inline::{inline, write_formula};
use super::names::{direction, field_kind, figure_kind, group_kind, list_style};
use super::object::{Object, bbox, decimal, integer, object, string};
use super::table::write_table;
use crate::ir::{
    Annotation, Block, BlockKind, ContentsEntry, Definition, Field, Figure, Inline, Item, List, Place,
    PlacedLine, PlacedWord, Region, block_hash, inlines_text,
};

/// Writes a block with all that it holds.
pub(super) fn block(block: &Block, out: &mut String) {
    object(out, |json| {
        json.id("id", block.id);
        json.text("type", block.kind.name());
        write_kind(&block.kind, json);
        json.text("hash", &block_hash(block));
        write_facts(block, json);
    });
}

fn write_kind(kind: &BlockKind, json: &mut Object<'_>) {
    if let Some(inlines) = kind.inlines() {
        return write_text(kind, inlines, json);
    }
    match kind {
        BlockKind::List(list) => write_list(list, json),
        BlockKind::DefinitionList(items) => json.array("items", items, definition),
        BlockKind::Table(table) => write_table(table, json, block),
        BlockKind::Figure(figure) => write_figure(figure, json),
        BlockKind::Code { language, text } => {
            json.text_if("language", language.as_deref());
            json.text("text", text);
        }
        BlockKind::Quote(blocks) => json.array("blocks", blocks, block),
        BlockKind::Formula(formula) => write_formula(formula, json),
        BlockKind::Footnote(note) => {
            json.text("label", &note.label);
            json.array("blocks", &note.blocks, block);
        }
        BlockKind::Toc(entries) => json.array("entries", entries, entry),
        BlockKind::Field(field) => write_field(field, json),
        BlockKind::Group(group) => {
            json.text("kind", group_kind(group.kind));
            json.text_if("title", group.title.as_deref());
            json.array("blocks", &group.blocks, block);
        }
        BlockKind::Comment(note) | BlockKind::Stamp(note) => write_annotation(note, json),
        BlockKind::Attachment {
            name,
            mime_type,
            size,
        } => {
            json.text("name", name);
            json.text_if("mimeType", mime_type.as_deref());
            if let Some(size) = size {
                json.integer("size", *size);
            }
        }
        // Those of text were written above; a rule has no fields.
        _ => {}
    }
}

/// Writes the fields of a block that has nothing but text.
fn write_text(kind: &BlockKind, inlines: &[Inline], json: &mut Object<'_>) {
    match kind {
        BlockKind::Heading { level, number, .. } => {
            json.integer("level", (*level).clamp(1, 6));
            json.text_if("number", number.as_deref());
        }
        BlockKind::Caption(caption) => json.id_if("for", caption.target),
        _ => {}
    }
    json.text("text", &inlines_text(inlines));
    json.array("inlines", inlines, inline);
}

fn write_list(list: &List, json: &mut Object<'_>) {
    json.boolean("ordered", list.ordered);
    if list.ordered {
        json.text("style", list_style(list.style));
        json.integer("start", list.start);
    }
    json.array("items", &list.items, item);
}

fn item(item: &Item, out: &mut String) {
    object(out, |json| {
        json.id("id", item.id);
        json.text_if("marker", item.marker.as_deref());
        if let Some(checked) = item.checked {
            json.boolean("checked", checked);
        }
        json.array("blocks", &item.blocks, block);
    });
}

fn definition(definition: &Definition, out: &mut String) {
    object(out, |json| {
        json.array("term", &definition.term, inline);
        json.array("blocks", &definition.blocks, block);
    });
}

fn write_figure(figure: &Figure, json: &mut Object<'_>) {
    json.text("kind", figure_kind(figure.kind));
    json.text_if("image", figure.image.as_deref());
    json.text_if("alt", figure.alt.as_deref());
    if !figure.blocks.is_empty() {
        json.array("blocks", &figure.blocks, block);
    }
    if let Some(data) = &figure.data {
        json.object("data", |json| write_table(data, json, block));
    }
}

fn entry(entry: &ContentsEntry, out: &mut String) {
    object(out, |json| {
        json.integer("level", entry.level);
        json.text("text", &inlines_text(&entry.inlines));
        json.array("inlines", &entry.inlines, inline);
        json.text_if("page", entry.page.as_deref());
        json.id_if("target", entry.target);
    });
}

fn write_field(field: &Field, json: &mut Object<'_>) {
    json.text("kind", field_kind(field.kind));
    json.text_if("name", field.name.as_deref());
    json.text_if("label", field.label.as_deref());
    json.text("value", &field.value);
    if let Some(checked) = field.checked {
        json.boolean("checked", checked);
    }
    if !field.options.is_empty() {
        json.array("options", &field.options, |option, out| string(option, out));
    }
}

fn write_annotation(note: &Annotation, json: &mut Object<'_>) {
    json.text_if("author", note.author.as_deref());
    json.text_if("date", note.date.as_deref());
    json.text("text", &note.text);
}

/// Writes what may be known of any block.
fn write_facts(block: &Block, json: &mut Object<'_>) {
    if let Some(first) = block.regions.first() {
        json.integer("page", first.page);
        bbox(first, json);
        json.array("regions", &block.regions, region);
    }
    if !block.lines.is_empty() {
        json.array("lines", &block.lines, line);
    }
    if let Some(place) = &block.at {
        at(place, json);
    }
    if let Some((start, end)) = block.range {
        json.array("range", [start, end], integer);
    }
    json.id_if("continues", block.continues);
    json.text_if("lang", block.lang.as_deref());
    json.text_if("dir", block.dir.map(direction));
    json.decimal_if("confidence", block.confidence);
    json.decimal_if("typeConfidence", block.type_confidence);
}

/// Writes the field that tells the place of a block without regions.
pub(in crate::write) fn at(place: &Place, json: &mut Object<'_>) {
    json.object("at", |json| match place {
        Place::Cells(cells) => json.text("cells", cells),
        Place::Path(path) => json.text("path", path),
        Place::Lines(first, last) => json.integers_if("lines", &[*first, *last]),
        Place::Message(number) => json.integer("message", *number),
    });
}

fn line(line: &PlacedLine, out: &mut String) {
    object(out, |json| {
        json.integer("page", line.region.page);
        bbox(&line.region, json);
        json.decimal_if("angle", line.region.angle);
        json.text("text", &line.text);
        if !line.words.is_empty() {
            json.array("words", &line.words, word);
        }
    });
}

fn word(word: &PlacedWord, out: &mut String) {
    object(out, |json| {
        json.text("text", &word.text);
        json.array("bbox", word.bbox, decimal);
        json.decimal_if("confidence", word.confidence);
    });
}

pub(in crate::write) fn region(region: &Region, out: &mut String) {
    object(out, |json| {
        json.integer("page", region.page);
        bbox(region, json);
        json.decimal_if("angle", region.angle);
    });
}
