use serde_json::Value;

/// Bytes of an event, at most: an answer is one.
const MAX_EVENT: usize = 64 << 20;

/// Reads the messages of a stream of server-sent events.
#[derive(Default)]
pub(super) struct Events {
    /// Bytes of a line that is not whole.
    line: Vec<u8>,
    /// Data of an event that is not whole.
    data: String,
}

/// The stream is none of the protocol's.
#[derive(Debug, thiserror::Error)]
#[error("the server answers with what is no message")]
pub(super) struct EventError;

impl Events {
    /// The messages that end with these bytes.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<Vec<Value>, EventError> {
        let mut messages = Vec::new();
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(part);
            if self.line.len() + self.data.len() > MAX_EVENT {
                return Err(EventError);
            }
            if part.ends_with(b"\n") {
                let line = std::mem::take(&mut self.line);
                let line = std::str::from_utf8(&line).map_err(|_| EventError)?;
                messages.extend(self.end_line(line.trim_end_matches(['\r', '\n']))?);
            }
        }
        Ok(messages)
    }

    fn end_line(&mut self, line: &str) -> Result<Option<Value>, EventError> {
        if let Some(data) = line.strip_prefix("data:") {
            if !self.data.is_empty() {
                self.data.push('\n');
            }
            self.data.push_str(data.strip_prefix(' ').unwrap_or(data));
            return Ok(None);
        }
        if !line.is_empty() || self.data.trim().is_empty() {
            return Ok(None);
        }
        let data = std::mem::take(&mut self.data);
        serde_json::from_str(&data).map(Some).map_err(|_| EventError)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Events;

    #[test]
    fn messages_come_out_however_they_are_cut() {
        let stream = ": hello\n\ndata: {\"a\":\"ä\"}\n\nid: 1\ndata:{\"b\":\r\ndata: 2}\r\n\r\ndata:\n\n";
        for size in 1..stream.len() {
            let mut events = Events::default();
            let mut found = Vec::new();
            for piece in stream.as_bytes().chunks(size) {
                found.extend(events.take(piece).expect("messages"));
            }
            assert_eq!(found, [json!({"a": "ä"}), json!({"b": 2})], "{size}");
        }
        assert!(Events::default().take(b"data: no JSON\n\n").is_err());
    }
}
