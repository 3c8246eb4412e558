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

    pub fn clear(&mut self) {
        self.all.clear();
        self.ends.clear();
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
    /// Short texts are compared by these: a look into the texts would cost another trip to memory.
    packed: Vec<Packed>,
    /// Open addressing, never more than two thirds full: the smaller it is, the more of it is at hand.
    slots: Vec<Slot>,
}

/// A place for one text.
#[derive(Debug, Clone, Copy)]
struct Slot {
    hash: u32,
    /// The blank symbol where the slot is free.
    symbol: Symbol,
}

const FREE: Slot = Slot { hash: 0, symbol: BLANK };

/// A text of at most fifteen bytes with its length; of a longer one its hash and [`LONG`].
type Packed = [u64; 2];

/// The last byte of what is too long to be packed.
const LONG: u64 = 0xFF << 56;

impl Default for Symbols {
    fn default() -> Symbols {
        let mut texts = Texts::default();
        texts.push("");
        Symbols { texts, packed: vec![[0; 2]], slots: vec![FREE; 1 << 10] }
    }
}

impl Symbols {
    pub fn intern(&mut self, text: &str) -> Symbol {
        let packed = pack(text.as_bytes());
        self.place(text, packed, hash(packed))
    }

    /// The numbers of many texts. Every one is looked for in another corner of memory: asking for all the places first lets
    /// the machine fetch them together, which takes a fraction of the time of one after the other.
    pub fn intern_all(&mut self, texts: &Texts, into: &mut Vec<Symbol>) {
        let packed: Vec<Packed> = (0..texts.len()).map(|at| pack(texts.get(at).as_bytes())).collect();
        let hashes: Vec<u32> = packed.iter().map(|packed| hash(*packed)).collect();
        let mask = self.slots.len() - 1;
        let found: Vec<Symbol> = hashes.iter().map(|hash| self.slots[*hash as usize & mask].symbol).collect();
        let fetched = found.iter().fold(0, |all, symbol| all ^ self.packed[*symbol as usize][0]);
        std::hint::black_box(fetched);
        into.extend((0..texts.len()).map(|at| self.place(texts.get(at), packed[at], hashes[at])));
    }

    fn place(&mut self, text: &str, packed: Packed, hash: u32) -> Symbol {
        if text.is_empty() {
            return BLANK;
        }
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot.symbol == BLANK {
                break;
            }
            // Equal texts have equal packings; only of long ones equal packings may hide different texts.
            if slot.hash == hash
                && self.packed[slot.symbol as usize] == packed
                && (packed[1] & LONG != LONG || self.text(slot.symbol) == text)
            {
                return slot.symbol;
            }
            at = (at + 1) & mask;
        }
        let symbol = Symbol::try_from(self.texts.len()).unwrap_or(Symbol::MAX); // rows are counted in u32
        self.slots[at] = Slot { hash, symbol };
        self.packed.push(packed);
        self.texts.push(text);
        if self.texts.len() * 3 > self.slots.len() * 2 {
            self.grow(self.slots.len() * 2);
        }
        symbol
    }

    /// Room for so many more texts of so many bytes in all, made once.
    pub fn reserve(&mut self, texts: usize, bytes: usize) {
        self.texts.reserve(texts, bytes);
        self.packed.reserve_exact(texts);
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
        let packed = u128::from_le_bytes(whole);
        return [packed as u64, (packed >> 64) as u64]; // its two halves
    }
    let fold = |state: u64, part: &[u8]| {
        let word = part.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        (state.rotate_left(26) ^ word).wrapping_mul(FACTOR)
    };
    let hash = bytes.chunks(8).fold(bytes.len() as u64, fold);
    [hash, hash.rotate_left(32).wrapping_mul(FACTOR) | LONG]
}

/// Where a packed text is looked for first: the halves multiplied, so that every byte of both moves every bit. Numbers that
/// differ in their last digits only would crowd together otherwise.
fn hash(packed: Packed) -> u32 {
    let product = u128::from(packed[0] ^ FACTOR) * u128::from(packed[1] ^ FACTOR.rotate_left(17));
    let folded = (product ^ product >> 64) as u64; // the lower half is used
    (folded ^ folded >> 32) as u32
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
        let mut texts = Texts::default();
        words.iter().rev().for_each(|word| texts.push(word));
        let mut together = Vec::new();
        symbols.intern_all(&texts, &mut together);
        assert!(together.iter().rev().eq(&first));
        let long: Vec<String> = (0..500).map(|n| format!("a number of more than fifteen bytes {n}")).collect();
        let first_long: Vec<Symbol> = long.iter().map(|w| symbols.intern(w)).collect();
        assert_eq!(first_long, long.iter().map(|w| symbols.intern(w)).collect::<Vec<_>>());
        assert!(long.iter().zip(&first_long).all(|(w, s)| symbols.text(*s) == w));
        assert_ne!(symbols.intern("a"), symbols.intern("a\0"), "the length is part of what is packed");
        assert!(words.iter().zip(&first).all(|(w, s)| symbols.text(*s) == w));
        assert_eq!(symbols.intern(""), BLANK);
    }
}
