use super::escape;
use super::writer::Writer;

const STYLE: &str = "body{max-width:50rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif;\
color:#1a1a1a;background:#fff}table{border-collapse:collapse}th,td{border:1px solid #bbb;padding:.25rem .5rem;\
text-align:left;vertical-align:top}pre{overflow-x:auto;padding:.75rem;background:#f4f4f4}\
blockquote{margin-left:0;padding-left:1rem;border-left:.25rem solid #ccc}img{max-width:100%}\
@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#161616}pre{background:#242424}a{color:#8ab4f8}}";

/// A whole HTML5 page of our Markdown. It runs no script and fetches nothing: markup that could is dropped,
/// and so are pictures with an address of their own. Time and memory grow with the length of the Markdown alone.
#[must_use]
pub fn to_html(markdown: &str, title: &str) -> String {
    let mut page = String::with_capacity(markdown.len() + markdown.len() / 4 + 2 * STYLE.len());
    page.push_str(
        "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
    );
    escape::push_text(&mut page, title);
    page.push_str("</title>\n<style>");
    page.push_str(STYLE);
    page.push_str("</style>\n</head>\n<body>\n");
    let mut writer = Writer::new(page);
    for event in super::events(markdown) {
        writer.event(event);
    }
    let mut page = writer.finish();
    page.push_str("</body>\n</html>\n");
    page
}
