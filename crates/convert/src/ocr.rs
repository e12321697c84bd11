//! Tesseract TSV to Markdown: lines, paragraphs, headings, reading order.
