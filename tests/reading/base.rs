//! The shop without a fault: everything clears, nothing is said.

use crate::case::Case;

#[test]
fn a_shop_without_a_fault_clears_and_nothing_is_said() {
    let mut case = Case::new();
    case.night().ends_with(&[0]);
    for (at, fen) in [(1, 123_450), (2, 88_000), (3, 5_670)] {
        assert_eq!(case.order(at), ("matched".to_owned(), fen, fen));
        assert_eq!(case.receipt(at), Some((fen, Case::order_no(at))));
    }
    assert!(case.findings().is_empty(), "{:#?}", case.findings());
}
