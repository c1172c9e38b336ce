//! What was prepared for the last few keys: importing a key costs more than checking a token with it.

use std::rc::Rc;
use zeroize::Zeroizing;

/// How many keys are kept. Each entry holds its key's text, at most one line of input.
const ENTRIES: usize = 32;

/// The last few values by the texts they were made from, the latest first.
pub(super) struct Cache<V>(Vec<(Zeroizing<String>, Rc<V>)>);

impl<V> Cache<V> {
    pub(super) fn new() -> Self {
        Self(Vec::with_capacity(ENTRIES + 1))
    }

    /// The value made from these `parts`, each of them JSON text or empty; by `make` if it was not kept.
    /// Whole texts are compared, never a hash of them.
    pub(super) fn get(&mut self, parts: &[&str], make: impl FnOnce() -> V) -> Rc<V> {
        let position = self.0.iter().position(|(name, _)| is_name(name, parts));
        let entry = match position {
            Some(position) => self.0.remove(position),
            None => (name(parts), Rc::new(make())),
        };
        let value = Rc::clone(&entry.1);
        self.0.insert(0, entry);
        self.0.truncate(ENTRIES);
        value
    }
}

/// The parts with a zero behind each, which JSON text never contains.
fn name(parts: &[&str]) -> Zeroizing<String> {
    let length = parts.iter().map(|part| part.len() + 1).sum();
    let mut name = Zeroizing::new(String::with_capacity(length));
    for part in parts {
        name.push_str(part);
        name.push('\0');
    }
    name
}

fn is_name(name: &str, parts: &[&str]) -> bool {
    let rest = parts.iter().try_fold(name, |rest, part| rest.strip_prefix(*part)?.strip_prefix('\0'));
    rest == Some("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_made_once_and_the_longest_unused_goes_first() {
        let (mut cache, mut made) = (Cache::new(), Vec::new());
        let mut get = |number: usize| {
            let text = number.to_string();
            let value = cache.get(&[&text, ""], || {
                made.push(number);
                number
            });
            assert_eq!(*value, number);
        };
        for number in (0..ENTRIES).chain([0, ENTRIES, 0, 1, 2]) {
            get(number);
        }
        // 1 had to go for the last one, and 2 for the second coming of 1.
        let expected: Vec<_> = (0..ENTRIES).chain([ENTRIES, 1, 2]).collect();
        assert_eq!(made, expected);
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        let mut cache = Cache::new();
        for (value, parts) in [["ab", "c"], ["a", "bc"], ["", "abc"], ["abc", ""]].iter().enumerate() {
            assert_eq!(*cache.get(parts, || value), value, "{parts:?}");
        }
        assert_eq!(*cache.get(&["a", "bc"], || 9), 1);
        assert_eq!(*cache.get(&["a"], || 9), 9, "fewer parts are another name");
    }
}
