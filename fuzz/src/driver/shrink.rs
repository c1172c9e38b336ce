//! Makes a failing input smaller.

/// Tries at most this many smaller inputs.
const TRIES: usize = 2000;

/// Leaves out stretches of `input`, halves first, single bytes last, as long as it still `fails`.
pub(super) fn shrink(input: &[u8], fails: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut best = input.to_vec();
    let mut tries = 0;
    let mut stretch = best.len().div_ceil(2);
    while stretch > 0 && tries < TRIES {
        let mut start = 0;
        let mut shrunk = false;
        while start < best.len() && tries < TRIES {
            let end = (start + stretch).min(best.len());
            let smaller = [&best[..start], &best[end..]].concat();
            tries += 1;
            if fails(&smaller) {
                best = smaller;
                shrunk = true;
            } else {
                start = end;
            }
        }
        if !shrunk {
            stretch /= 2;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_matter_goes() {
        let contains =
            |needle: &'static [u8]| move |bytes: &[u8]| bytes.windows(2).any(|pair| pair == needle);
        assert_eq!(shrink(b"some text with XY in it", contains(b"XY")), b"XY");
        assert_eq!(shrink(b"XY", contains(b"XY")), b"XY");
    }
}
