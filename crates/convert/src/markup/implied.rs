/// Elements that end by themselves where another one begins.
#[derive(Debug)]
pub(crate) struct ImpliedEnd {
    /// The elements that begin.
    pub(crate) by: &'static [&'static str],
    /// The elements that end, with all within them.
    pub(crate) of: &'static [&'static str],
    /// The elements that are not looked through for one of them.
    pub(crate) within: &'static [&'static str],
}

/// The ends that HTML leaves out (WHATWG HTML, section 13.1.2.4), but for that of `p`, which most elements end.
pub(crate) const IMPLIED_ENDS: &[ImpliedEnd] = &[
    ImpliedEnd {
        by: &["li"],
        of: &["li"],
        within: &[
            "ul",
            "ol",
            "menu",
            "dir",
            "table",
            "td",
            "th",
            "div",
            "blockquote",
        ],
    },
    ImpliedEnd {
        by: &["dt", "dd"],
        of: &["dt", "dd"],
        within: &["dl", "table", "td", "th", "div", "ul", "ol", "blockquote"],
    },
    ImpliedEnd {
        by: &["td", "th"],
        of: &["td", "th"],
        within: &["table", "tr"],
    },
    ImpliedEnd {
        by: &["tr"],
        of: &["tr", "td", "th"],
        within: &["table", "thead", "tbody", "tfoot"],
    },
    ImpliedEnd {
        by: &["thead", "tbody", "tfoot"],
        of: &["thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup"],
        within: &["table"],
    },
    ImpliedEnd {
        by: &["colgroup"],
        of: &["caption", "colgroup"],
        within: &["table"],
    },
];
