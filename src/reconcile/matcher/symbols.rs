//! Texts as small numbers: two keys are equal if their numbers are.
//!
//! A table of its own, since keys are millions and a general map of owned strings costs several times their bytes.

/// Many short texts in one buffer.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    all: String,
    /// Where each text ends. Four bytes a text: what a reader takes from a file stays below four billion.
    ends: Vec<u32>,
}

impl Texts {
    pub fn push(&mut self, text: &str) {
        self.all.push_str(text);
        self.ends.push(u32::try_from(self.all.len()).unwrap_or(u32::MAX)); // a wrong end would fail to slice, not lie
    }

    pub fn get(&self, index: usize) -> &str {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.all[start as usize..self.ends[index] as usize]
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Room for so many texts of so many bytes in all.
    pub fn reserve(&mut self, texts: usize, bytes: usize) {
        self.ends.reserve_exact(texts);
        self.all.reserve_exact(bytes);
    }
}

/// A text's number. Numbers say only whether two texts are equal: they follow the order in which texts were first
/// seen, so nothing may be ordered by them.
pub type Symbol = u32;

/// The number of the empty text: nothing stands there.
pub const BLANK: Symbol = 0;

/// Gives every different text a number.
#[derive(Debug)]
pub struct Symbols {
    texts: Texts,
    /// Open addressing, never more than two thirds full.
    slots: Vec<Slot>,
}

/// A place for one text. Short ones are compared here: a look into the texts would cost another trip to memory.
#[derive(Debug, Clone, Copy)]
struct Slot {
    packed: Packed,
    hash: u32,
    /// The blank symbol where the slot is free.
    symbol: Symbol,
}

const FREE: Slot = Slot { packed: [0; 2], hash: 0, symbol: BLANK };

/// A text of at most fifteen bytes with its length; of a longer one its hash and [`LONG`].
type Packed = [u64; 2];

/// The last byte of what is too long to be packed.
const LONG: u64 = 0xFF << 56;

impl Default for Symbols {
    fn default() -> Symbols {
        let mut texts = Texts::default();
        texts.push("");
        Symbols { texts, slots: vec![FREE; 1 << 10] }
    }
}

impl Symbols {
    pub fn intern(&mut self, text: &str) -> Symbol {
        if text.is_empty() {
            return BLANK;
        }
        let packed = pack(text.as_bytes());
        let hash = hash(packed);
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot.symbol == BLANK {
                break;
            }
            // Equal texts have equal packings; only of long ones equal packings may hide different texts.
            if slot.packed == packed && (packed[1] & LONG != LONG || self.text(slot.symbol) == text) {
                return slot.symbol;
            }
            at = (at + 1) & mask;
        }
        let symbol = Symbol::try_from(self.texts.len()).unwrap_or(Symbol::MAX); // rows are counted in u32
        self.slots[at] = Slot { packed, hash, symbol };
        self.texts.push(text);
        if self.texts.len() * 3 > self.slots.len() * 2 {
            self.grow(self.slots.len() * 2);
        }
        symbol
    }

    /// Room for so many more texts of so many bytes in all, made once.
    pub fn reserve(&mut self, texts: usize, bytes: usize) {
        self.texts.reserve(texts, bytes);
        let wanted = ((self.texts.len() + texts) * 3 / 2).next_power_of_two();
        if wanted > self.slots.len() {
            self.grow(wanted);
        }
    }

    pub fn text(&self, symbol: Symbol) -> &str {
        self.texts.get(symbol as usize)
    }

    /// How many there are, the blank one among them.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.texts.len() == 1
    }

    fn grow(&mut self, size: usize) {
        let mask = size - 1;
        let mut slots = vec![FREE; size];
        for slot in self.slots.iter().filter(|slot| slot.symbol != BLANK) {
            let mut at = slot.hash as usize & mask;
            while slots[at].symbol != BLANK {
                at = (at + 1) & mask;
            }
            slots[at] = *slot;
        }
        self.slots = slots;
    }
}

const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

fn pack(bytes: &[u8]) -> Packed {
    if bytes.len() < 16 {
        let mut whole = [0; 16];
        whole[..bytes.len()].copy_from_slice(bytes);
        whole[15] = bytes.len() as u8; // below 16
        let word = |half: &[u8]| half.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
        return [word(&whole[..8]), word(&whole[8..])];
    }
    let fold = |state: u64, part: &[u8]| {
        let word = part.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        (state.rotate_left(26) ^ word).wrapping_mul(FACTOR)
    };
    let hash = bytes.chunks(8).fold(bytes.len() as u64, fold);
    [hash, hash.rotate_left(32).wrapping_mul(FACTOR) | LONG]
}

/// Where a packed text is looked for first.
fn hash(packed: Packed) -> u32 {
    let mixed = (packed[0].wrapping_mul(FACTOR).rotate_left(32) ^ packed[1]).wrapping_mul(FACTOR);
    (mixed ^ mixed >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_one_number() {
        let mut symbols = Symbols::default();
        let words: Vec<String> = (0..5_000).map(|n| format!("W{n}")).collect();
        let first: Vec<Symbol> = words.iter().map(|w| symbols.intern(w)).collect();
        let again: Vec<Symbol> = words.iter().map(|w| symbols.intern(w)).collect();
        assert_eq!(first, again);
        assert_eq!(symbols.len(), 5_001);
        let long: Vec<String> = (0..500).map(|n| format!("a number of more than fifteen bytes {n}")).collect();
        let first_long: Vec<Symbol> = long.iter().map(|w| symbols.intern(w)).collect();
        assert_eq!(first_long, long.iter().map(|w| symbols.intern(w)).collect::<Vec<_>>());
        assert!(long.iter().zip(&first_long).all(|(w, s)| symbols.text(*s) == w));
        assert_ne!(symbols.intern("a"), symbols.intern("a\0"), "the length is part of what is packed");
        assert!(words.iter().zip(&first).all(|(w, s)| symbols.text(*s) == w));
        assert_eq!(symbols.intern(""), BLANK);
    }
}
