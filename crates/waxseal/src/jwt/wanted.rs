//! The claims beyond the registered ones that somebody asked for, found without touching the heap.

use crate::json::Value;
use smallvec::{SmallVec, smallvec};

/// Claims kept without touching the heap.
const INLINE: usize = 6;

/// Names that were asked for, and where the claims stand.
#[derive(Default)]
pub(super) struct Wanted<'c> {
    names: &'c [String],
    found: SmallVec<[Option<Value<'c>>; INLINE]>,
}

impl<'c> Wanted<'c> {
    #[inline]
    pub(super) fn new(names: &'c [String]) -> Self {
        // Nobody asked for anything: the usual case, kept free of a call.
        let found = if names.is_empty() { SmallVec::new() } else { smallvec![None; names.len()] };
        Self { names, found }
    }

    #[inline]
    pub(super) fn put(&mut self, name: &str, value: Value<'c>) {
        let index = self.names.iter().position(|wanted| wanted == name);
        if let Some(slot) = index.and_then(|index| self.found.get_mut(index)) {
            *slot = Some(value);
        }
    }

    pub(super) fn find(&self, name: &str) -> Option<Value<'c>> {
        let index = self.names.iter().position(|wanted| wanted == name)?;
        self.found.get(index).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{JsonStr, Visitor, scan_object};

    struct Keep<'c>(Wanted<'c>);

    impl<'c> Visitor<'c> for Keep<'c> {
        fn member(&mut self, name: JsonStr<'c>, value: Value<'c>) {
            self.0.put(&name.decode(), value);
        }
    }

    #[test]
    fn claims_are_found_however_many_were_asked_for() {
        for count in [0, 1, INLINE, INLINE + 1, 40] {
            let names: Vec<String> = (0..count).map(|n| format!("n{n}")).collect();
            let members: Vec<String> = names.iter().map(|name| format!("\"{name}\":\"{name}\"")).collect();
            let text = format!("{{\"other\":1,{}}}", members.join(",")).replace(",}", "}");
            let mut keep = Keep(Wanted::new(&names));
            scan_object(&text, 4, &mut keep).unwrap();
            for name in &names {
                assert_eq!(keep.0.find(name).unwrap().raw, format!("\"{name}\""), "{count}");
            }
            assert!(keep.0.find("other").is_none(), "{count}");
        }
    }
}
