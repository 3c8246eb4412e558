//! Texts as small numbers: two keys are equal if their numbers are.
//!
//! A table of its own, since keys are millions and a general map of owned strings costs several times their bytes.

/// Many short texts in one buffer.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    bytes: Vec<u8>,
    /// Where each text ends.
    ends: Vec<usize>,
}

impl Texts {
    pub fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.ends.push(self.bytes.len());
    }

    pub fn get(&self, index: usize) -> &str {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        // Only whole texts are pushed, so every cut lies between characters.
        std::str::from_utf8(&self.bytes[start..self.ends[index]]).unwrap_or_default()
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
        self.bytes.reserve_exact(bytes);
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
    hashes: Vec<u32>,
    /// Open addressing: 0 = free, else the symbol. Never more than half full.
    slots: Vec<Symbol>,
}

impl Default for Symbols {
    fn default() -> Symbols {
        let mut texts = Texts::default();
        texts.push("");
        Symbols { texts, hashes: vec![0], slots: vec![BLANK; 1 << 10] }
    }
}

impl Symbols {
    pub fn intern(&mut self, text: &str) -> Symbol {
        if text.is_empty() {
            return BLANK;
        }
        let hash = hash(text.as_bytes());
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            match self.slots[at] {
                BLANK => break,
                symbol if self.is(symbol, hash, text) => return symbol,
                _ => at = (at + 1) & mask,
            }
        }
        let symbol = Symbol::try_from(self.texts.len()).unwrap_or(Symbol::MAX); // rows are counted in u32
        self.slots[at] = symbol;
        self.texts.push(text);
        self.hashes.push(hash);
        if self.texts.len() * 2 > self.slots.len() {
            self.grow();
        }
        symbol
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

    fn is(&self, symbol: Symbol, hash: u32, text: &str) -> bool {
        self.hashes[symbol as usize] == hash && self.texts.get(symbol as usize) == text
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let mut slots = vec![BLANK; mask + 1];
        for (symbol, hash) in (0..).zip(&self.hashes).skip(1) {
            let mut at = *hash as usize & mask;
            while slots[at] != BLANK {
                at = (at + 1) & mask;
            }
            slots[at] = symbol;
        }
        self.slots = slots;
    }
}

/// Eight bytes at a time, multiplied and folded; the lower half is used.
fn hash(bytes: &[u8]) -> u32 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut state = bytes.len() as u64;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let word = chunk.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        state = (state.rotate_left(26) ^ word).wrapping_mul(FACTOR);
    }
    let rest = chunks.remainder().iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    state = (state.rotate_left(26) ^ rest).wrapping_mul(FACTOR);
    (state ^ state >> 32) as u32
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
        assert!(words.iter().zip(&first).all(|(w, s)| symbols.text(*s) == w));
        assert_eq!(symbols.intern(""), BLANK);
    }
}
