use super::*;

fn decode(bytes: &[u8]) -> Result<RawFile, Malformed> {
    super::decode(&mut &bytes[..], bytes.len() as u64, &Limits::default())
}

fn sample() -> RawFile {
    let day = NaiveDate::from_ymd_opt(2026, 10, 31).expect("a real day");
    let cells = vec![
        Cell::Text("结算单".into()),
        Cell::Empty,
        Cell::Text(String::new()),
        Cell::Text("长".repeat(1_000)),
        Cell::Text("x".repeat(239)),
        Cell::Text("x".repeat(240)),
        Cell::Number(-0.1),
        Cell::Date(day),
        Cell::DateTime(day.and_hms_opt(23, 59, 59).expect("a real time")),
        Cell::Bool(true),
        Cell::Bool(false),
        Cell::Error("#N/A".into()),
        Cell::NoValue,
    ];
    let problems = CODES.iter().map(|code| ReadProblem {
        code: *code,
        sheet: "表1".into(),
        row: u32::MAX,
        column: "XFD".into(),
        value: "v".into(),
    });
    RawFile {
        format: Format::Unknown,
        encoding: "GB18030".into(),
        problems: problems.collect(),
        sheets: vec![RawSheet {
            name: "s".into(),
            hidden: true,
            is_1904: true,
            rows: vec![RawRow { number: 3, cells, width: 0 }, RawRow { number: 1_048_576, cells: vec![], width: 7 }],
            merges: vec![Merge { first_row: 1, last_row: 2, first_column: 0, last_column: 16_383 }],
        }],
    }
}

fn encoded(file: &RawFile) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode(file, &mut bytes);
    bytes
}

#[test]
fn what_goes_in_comes_out() {
    let file = sample();
    assert_eq!(decode(&encoded(&file)), Ok(file));
    for format in FORMATS {
        let file = RawFile { format, encoding: String::new(), sheets: vec![], problems: vec![] };
        assert_eq!(decode(&encoded(&file)), Ok(file));
    }
}

/// The lists that number formats and codes must be whole: adding a variant breaks this match.
#[test]
fn every_variant_has_a_number() {
    for (i, code) in CODES.iter().enumerate() {
        use ProblemCode::*;
        match code {
            FileEmpty | FileDamaged | FileEncrypted | FileUnknown | FileTooLarge | ReaderFailed | SheetUnreadable
            | SheetHidden | TextNotDecodable | FormulaWithoutValue | TextMalformed | CellFarAway | TextCutOff
            | EncodingMixed | FixedColumns | ArchiveUnread | CellCut => {}
        }
        assert_eq!(usize::from(place(&CODES, code)), i);
    }
    for (i, format) in FORMATS.iter().enumerate() {
        use Format::*;
        match format {
            Xlsx | Xls | Ods | Csv | Tsv | Html | Xml2003 | Archive | Unknown => {}
        }
        assert_eq!(usize::from(place(&FORMATS, format)), i);
    }
}

#[test]
fn anything_cut_off_or_changed_is_refused_or_read_but_never_a_panic() {
    let bytes = encoded(&sample());
    for length in 0..bytes.len() {
        assert_eq!(decode(&bytes[..length]), Err(Malformed), "cut to {length}");
    }
    for at in 0..bytes.len() {
        for flip in [0x01, 0x80, 0xFF] {
            let mut changed = bytes.clone();
            changed[at] ^= flip;
            let _ = decode(&changed);
        }
    }
    let mut longer = bytes;
    longer.push(0);
    assert_eq!(decode(&longer), Err(Malformed));
}

#[test]
fn a_count_beyond_the_record_makes_no_room() {
    let mut bytes = vec![VERSION, 0, 0];
    count(&mut bytes, u64::MAX >> 1);
    assert_eq!(decode(&bytes), Err(Malformed));
}

#[test]
fn a_record_or_cells_over_the_limits_are_refused() {
    let bytes = encoded(&sample());
    let within = |limits: &Limits, length: u64| super::decode(&mut &bytes[..], length, limits).is_ok();
    let length = bytes.len() as u64;
    assert!(within(&Limits { cells: 13, ..Limits::default() }, length));
    assert!(!within(&Limits { cells: 12, ..Limits::default() }, length));
    // Nothing is read where the length alone says enough.
    assert!(!within(&Limits::default(), Limits::default().answer_bytes() + 1));
}
