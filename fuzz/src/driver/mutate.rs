//! Makes inputs out of inputs.

use super::corpus;
use super::random::Random;

/// No input is longer, so that a run takes the same time whatever grows in it.
const MAX_BYTES: usize = 4096;
/// Inputs that reached something new are kept up to this number.
const MAX_KEPT: usize = 4000;

const INTERESTING: &[u8] = b"\0\x01\x7f\x80\xff\"\\{}[],:.=-_+/ \nAZaz09";

pub(super) struct Mutator {
    random: Random,
    inputs: Vec<Vec<u8>>,
    words: Vec<Vec<u8>>,
    /// The next of `inputs` to be tried as it is.
    untried: usize,
}

impl Mutator {
    pub(super) fn new(seed: u64, seeds: Vec<Vec<u8>>) -> Self {
        let inputs = if seeds.is_empty() { vec![Vec::new()] } else { seeds };
        Self { random: Random::new(seed), inputs, words: corpus::words(), untried: 0 }
    }

    pub(super) fn keep(&mut self, input: Vec<u8>) {
        if self.untried >= self.inputs.len() && self.inputs.len() < MAX_KEPT {
            self.inputs.push(input);
            self.untried += 1;
        }
    }

    /// First every seed as it is; then, one in eight, noise, and otherwise a changed input.
    pub(super) fn next_input(&mut self) -> Vec<u8> {
        if let Some(seed) = self.inputs.get(self.untried) {
            self.untried += 1;
            return seed.clone();
        }
        if self.random.below(8) == 0 {
            let length = self.random.below(96);
            return (0..length).map(|_| self.random.byte()).collect();
        }
        let mut bytes = self.any_input();
        for _ in 0..=self.random.below(6) {
            self.change(&mut bytes);
        }
        bytes.truncate(MAX_BYTES);
        bytes
    }

    fn any_input(&mut self) -> Vec<u8> {
        let index = self.random.below(self.inputs.len());
        self.inputs[index].clone()
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        let place = self.random.below(bytes.len() + 1);
        let (start, end) = self.range(bytes.len());
        match self.random.below(10) {
            0 => self.set(bytes, |random, byte| byte ^ (1 << random.below(8))),
            1 => self.set(bytes, |random, _| random.byte()),
            2 => self.set(bytes, |random, _| INTERESTING[random.below(INTERESTING.len())]),
            3 => self.set(bytes, |random, byte| byte.wrapping_add([1, 255][random.below(2)])),
            4 => drop(bytes.drain(start..end)),
            5 => bytes.extend_from_within(start..end),
            6 => {
                let word = self.word();
                bytes.splice(place..place, word).for_each(drop);
            }
            7 => {
                let word = self.word();
                bytes.splice(start..end, word).for_each(drop);
            }
            8 => bytes.insert(place, self.random.byte()),
            _ => self.splice(bytes, start, end),
        }
    }

    fn set(&mut self, bytes: &mut [u8], change: impl FnOnce(&mut Random, u8) -> u8) {
        let place = self.random.below(bytes.len());
        if let Some(byte) = bytes.get_mut(place) {
            *byte = change(&mut self.random, *byte);
        }
    }

    fn range(&mut self, length: usize) -> (usize, usize) {
        let start = self.random.below(length + 1);
        // Short ranges are likelier to keep the rest of an input good.
        let longest = if self.random.below(2) == 0 { 8 } else { length };
        let end = start + self.random.below((length - start).min(longest) + 1);
        (start, end)
    }

    fn word(&mut self) -> Vec<u8> {
        let index = self.random.below(self.words.len());
        self.words.get(index).cloned().unwrap_or_default()
    }

    fn splice(&mut self, bytes: &mut Vec<u8>, start: usize, end: usize) {
        let other = self.any_input();
        let (from, to) = self.range(other.len());
        bytes.splice(start..end, other[from..to].iter().copied()).for_each(drop);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_inputs() {
        let run = |seed| -> Vec<_> {
            let mut mutator = Mutator::new(seed, vec![b"one".to_vec(), b"another".to_vec()]);
            (0..500).map(|_| mutator.next_input()).collect()
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
        assert_eq!(run(1)[..2], [b"one".to_vec(), b"another".to_vec()], "seeds come first, unchanged");
        assert!(run(3).iter().all(|input| input.len() <= MAX_BYTES));
    }
}
