//! Server-sent events, taken from a byte stream as it arrives (HTML Living Standard §9.2.6).
//!
//! Supported: `event`, `data` (several lines joined by a line feed), comments, the three line endings, a byte
//! order mark. Ignored: `id` and `retry`, because an unsigned line must not steer the reader. Bounded: an event
//! longer than the limit is an error, whatever it is made of.

use std::mem;

/// One dispatched event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SseEvent {
    /// The last `event` field, or empty.
    pub name: String,
    /// The `data` fields, joined by line feeds.
    pub data: String,
}

/// The stream is not what a feed sends; the connection is of no further use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SseError {
    /// An event, or a line of it, exceeds the limit.
    #[error("event is longer than the limit")]
    TooLong,
    /// A line is not UTF-8.
    #[error("line is not UTF-8")]
    NotUtf8,
}

/// An incremental parser. Feed it bytes in pieces of any size.
///
/// # Examples
/// ```
/// use waxseal_trust::sse::SseParser;
///
/// let mut parser = SseParser::new(1024);
/// assert!(parser.push(b"event: heart")?.is_empty());
/// let events = parser.push(b"beat\r\ndata: x\r\n\r\n")?;
/// assert_eq!((events[0].name.as_str(), events[0].data.as_str()), ("heartbeat", "x"));
/// # Ok::<(), waxseal_trust::sse::SseError>(())
/// ```
#[derive(Debug)]
pub struct SseParser {
    limit: usize,
    line: Vec<u8>,
    name: String,
    data: Option<String>,
    after_carriage_return: bool,
    at_start: bool,
}

impl SseParser {
    /// A parser that holds at most about `limit` bytes.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            line: Vec::new(),
            name: String::new(),
            data: None,
            after_carriage_return: false,
            at_start: true,
        }
    }

    /// Takes the next bytes and returns the events that they complete.
    ///
    /// # Errors
    /// [`SseError::TooLong`], [`SseError::NotUtf8`]. The parser is of no use afterwards.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<SseEvent>, SseError> {
        let mut events = Vec::new();
        for piece in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            let (text, ending) = match piece.split_last() {
                Some((ending @ (b'\n' | b'\r'), text)) => (text, Some(*ending)),
                _ => (piece, None),
            };
            // The line feed of a CR LF pair ends no second line, even when it arrives in the next piece.
            let second_half =
                mem::take(&mut self.after_carriage_return) && text.is_empty() && ending == Some(b'\n');
            if second_half {
                continue;
            }
            self.extend_line(text)?;
            if let Some(ending) = ending {
                self.after_carriage_return = ending == b'\r';
                events.extend(self.end_line()?);
            }
        }
        Ok(events)
    }

    fn extend_line(&mut self, text: &[u8]) -> Result<(), SseError> {
        let held = self.line.len() + self.data.as_ref().map_or(0, String::len) + self.name.len();
        if held + text.len() > self.limit {
            return Err(SseError::TooLong);
        }
        self.line.extend_from_slice(text);
        Ok(())
    }

    fn end_line(&mut self) -> Result<Option<SseEvent>, SseError> {
        let bytes = mem::take(&mut self.line);
        let mut line = std::str::from_utf8(&bytes).map_err(|_| SseError::NotUtf8)?;
        if mem::take(&mut self.at_start) {
            line = line.strip_prefix('\u{feff}').unwrap_or(line);
        }
        if line.is_empty() {
            return Ok(self.dispatch());
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match (field, &mut self.data) {
            ("event", _) => value.clone_into(&mut self.name),
            ("data", Some(data)) => {
                data.push('\n');
                data.push_str(value);
            }
            ("data", none) => *none = Some(value.to_owned()),
            _ => {}
        }
        Ok(None)
    }

    fn dispatch(&mut self) -> Option<SseEvent> {
        let name = mem::take(&mut self.name);
        self.data.take().map(|data| SseEvent { name, data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str, data: &str) -> SseEvent {
        SseEvent { name: name.into(), data: data.into() }
    }

    /// Every case is parsed in one piece and byte by byte.
    fn parse(input: &[u8]) -> Vec<SseEvent> {
        let whole = SseParser::new(100).push(input).unwrap();
        let mut parser = SseParser::new(100);
        let single: Vec<_> = input.iter().flat_map(|byte| parser.push(&[*byte]).unwrap()).collect();
        assert_eq!(whole, single, "{:?}", String::from_utf8_lossy(input));
        whole
    }

    #[test]
    fn streams_and_their_events() {
        let cases: &[(&str, &[SseEvent])] = &[
            ("", &[]),
            ("\n\n\n", &[]),
            ("data: a\n\n", &[event("", "a")]),
            ("data:a\n\n", &[event("", "a")]),
            ("data:  a\n\n", &[event("", " a")]),
            ("event: x\ndata: a\n\n", &[event("x", "a")]),
            ("event: x\r\ndata: a\r\n\r\n", &[event("x", "a")]),
            ("event: x\rdata: a\r\r", &[event("x", "a")]),
            ("data: a\ndata\ndata: b\n\n", &[event("", "a\n\nb")]),
            (": comment\nid: 7\nretry: 1\nother: y\ndata: a\n\n", &[event("", "a")]),
            ("event: lost\n\ndata: a\n\n", &[event("", "a")]),
            ("\u{feff}data: a\n\ndata: b\n\n", &[event("", "a"), event("", "b")]),
            ("data: unfinished\n", &[]),
        ];
        for (input, events) in cases {
            assert_eq!(parse(input.as_bytes()), *events, "{input:?}");
        }
    }

    #[test]
    fn memory_is_bounded_over_lines_and_within_one() {
        assert_eq!(SseParser::new(8).push(b"data: 345678901"), Err(SseError::TooLong));
        assert_eq!(SseParser::new(8).push(b"data:12\ndata:34\n"), Err(SseError::TooLong));
        assert_eq!(SseParser::new(8).push(b":123\n:123\n:123\n:123\n"), Ok(vec![]));
    }

    #[test]
    fn bytes_that_are_not_utf8_end_the_stream() {
        assert_eq!(SseParser::new(100).push(b"data: \xff\n"), Err(SseError::NotUtf8));
    }
}
