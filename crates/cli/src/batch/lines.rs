//! Lines of bounded length from a stream, without waiting for more than is there.

use crate::failure::Failure;
use crate::input::unreadable;
use std::io::{ErrorKind, Read};
use zeroize::Zeroizing;

/// The longest line that is read.
pub(super) const MAX_LINE_BYTES: usize = 1024 * 1024;

pub(super) enum Line<'b> {
    /// Without its line end.
    Text(&'b [u8]),
    /// Longer than [`MAX_LINE_BYTES`]; its text was thrown away.
    TooLong,
}

/// One buffer, allocated once: lines hold secrets, and a buffer that grows leaves copies behind.
pub(super) struct Lines<'a> {
    source: &'a mut dyn Read,
    buffer: Zeroizing<Vec<u8>>,
    /// Where the next line starts, how far it was searched for its end, and where the input read so far ends.
    start: usize,
    searched: usize,
    end: usize,
    /// The line at hand is too long, and its rest is being thrown away.
    skipping: bool,
    finished: bool,
}

impl<'a> Lines<'a> {
    pub(super) fn new(source: &'a mut dyn Read) -> Self {
        let buffer = Zeroizing::new(vec![0; MAX_LINE_BYTES + 1]);
        Self { source, buffer, start: 0, searched: 0, end: 0, skipping: false, finished: false }
    }

    /// The next line. `pause` is called before anything is read, which may take as long as it likes.
    pub(super) fn next(
        &mut self,
        mut pause: impl FnMut() -> Result<(), Failure>,
    ) -> Result<Option<Line<'_>>, Failure> {
        loop {
            let fresh = self.buffer.get(self.searched..self.end).unwrap_or(&[]);
            if let Some(offset) = memchr::memchr(b'\n', fresh) {
                let (from, to) = (self.start, self.searched + offset);
                (self.start, self.searched) = (to + 1, to + 1);
                return Ok(Some(self.line(from, to)));
            }
            self.searched = self.end;
            if self.finished {
                let (from, to) = (self.start, self.end);
                self.start = self.end;
                let nothing = from == to && !self.skipping;
                return Ok(if nothing { None } else { Some(self.line(from, to)) });
            }
            self.make_room();
            pause()?;
            self.read()?;
        }
    }

    fn line(&mut self, from: usize, to: usize) -> Line<'_> {
        if std::mem::take(&mut self.skipping) {
            return Line::TooLong;
        }
        Line::Text(self.buffer.get(from..to).unwrap_or(&[]))
    }

    /// Moves the unfinished line to the front, or throws it away if it is too long.
    fn make_room(&mut self) {
        let length = self.end - self.start;
        if self.skipping || length > MAX_LINE_BYTES {
            self.skipping = true;
            (self.start, self.end) = (0, 0);
        } else if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, length);
        }
        self.searched = self.end;
    }

    fn read(&mut self) -> Result<(), Failure> {
        let free = self.buffer.get_mut(self.end..).unwrap_or(&mut []);
        loop {
            match self.source.read(free) {
                Ok(0) => self.finished = true,
                Ok(count) => self.end += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(unreadable("standard input", &error)),
            }
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives out the pieces one by one, as a pipe may.
    struct Pieces(Vec<Vec<u8>>);

    impl Read for Pieces {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            if self.0.is_empty() {
                return Ok(0);
            }
            let piece = &mut self.0[0];
            let count = piece.len().min(buffer.len());
            buffer[..count].copy_from_slice(&piece[..count]);
            piece.drain(..count);
            if piece.is_empty() {
                self.0.remove(0);
            }
            Ok(count)
        }
    }

    fn read_all(pieces: Vec<Vec<u8>>) -> Vec<Option<Vec<u8>>> {
        let mut source = Pieces(pieces);
        let mut lines = Lines::new(&mut source);
        let mut found = Vec::new();
        while let Some(line) = lines.next(|| Ok(())).unwrap() {
            found.push(match line {
                Line::Text(text) => Some(text.to_vec()),
                Line::TooLong => None,
            });
        }
        found
    }

    #[test]
    fn lines_are_the_same_however_they_arrive() {
        let cases: [(&str, &[&str]); 7] = [
            ("", &[]),
            ("\n", &[""]),
            ("a", &["a"]),
            ("a\n", &["a"]),
            ("a\nb", &["a", "b"]),
            ("\n\na\r\n", &["", "", "a\r"]),
            ("one\ntwo\nthree\n", &["one", "two", "three"]),
        ];
        for (text, expected) in cases {
            let expected: Vec<_> = expected.iter().map(|line| Some(line.as_bytes().to_vec())).collect();
            assert_eq!(read_all(vec![text.into()]), expected, "{text:?}");
            let bytes = text.bytes().map(|byte| vec![byte]).collect();
            assert_eq!(read_all(bytes), expected, "{text:?} byte by byte");
        }
    }

    #[test]
    fn a_line_too_long_is_one_line_and_the_next_one_is_read() {
        for (length, fits) in
            [(MAX_LINE_BYTES, true), (MAX_LINE_BYTES + 1, false), (5 * MAX_LINE_BYTES, false)]
        {
            let long = vec![b'x'; length];
            let expected = fits.then(|| long.clone());
            let text = [b"a\n", long.as_slice(), b"\nb"].concat();
            for size in [1 << 16, 1 << 23] {
                let pieces = text.chunks(size).map(<[u8]>::to_vec).collect();
                let found = read_all(pieces);
                assert!(
                    found == [Some(b"a".to_vec()), expected.clone(), Some(b"b".to_vec())],
                    "{length} {size}"
                );
            }
            assert!(read_all(vec![long.clone()]) == [expected], "{length} without line end");
        }
    }

    #[test]
    fn what_is_there_is_given_out_before_more_is_read() {
        let mut source = Pieces(vec![b"a\nb\nc".to_vec(), b"\n".to_vec()]);
        let mut lines = Lines::new(&mut source);
        let mut pauses = 0;
        let mut seen = Vec::new();
        while lines
            .next(|| {
                pauses += 1;
                Ok(())
            })
            .unwrap()
            .is_some()
        {
            seen.push(pauses);
            pauses = 0;
        }
        assert_eq!(seen, [1, 0, 1], "one read for two lines, one for the third");
    }
}
