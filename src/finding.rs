//! Every finding code: what it means and what to do about it. The manual page `docs/findings.md` is generated from it.
//!
//! Findings are data: a bad cell, row or file never stops a run half-way and never disappears.

use crate::model::lang::filled;
use crate::model::{Lang, Origin, Text};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something is missing from the reports because of it.
    Error,
    /// Counted, but a person should look.
    Warning,
    /// Said, so that nothing is hidden.
    Info,
}

impl Severity {
    pub fn id(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
    }

    /// As people know it.
    pub fn title(self) -> Text {
        match self {
            Severity::Error => Text::new("错误", "error"),
            Severity::Warning => Text::new("警告", "warning"),
            Severity::Info => Text::new("提示", "info"),
        }
    }
}

/// What stands behind a code, for people.
#[derive(Debug, Clone, Copy)]
pub struct Meaning {
    pub code: Code,
    /// Stable id, used in `findings.csv` and the manifest.
    pub id: &'static str,
    pub severity: Severity,
    pub title: Text,
    /// With `{value}`, `{count}`, `{arg0}`, `{arg1}`, and `{outcome}`: the row left out, or only the cell.
    pub message: Text,
    pub remedy: Text,
}

/// The last of `args` where a finding tells what it left: an empty cell in a row that counts, or no row.
const CELL_EMPTY: &str = "cell_empty";
const ROW_LEFT_OUT: &str = "row_left_out";

/// One thing found, with the place where it was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub code: Code,
    /// Name of the export, as it lay in the inbox; empty where no file is meant.
    pub file: String,
    /// The ledger's number of the file, where only that is known yet.
    pub file_id: Option<i64>,
    pub sheet: String,
    /// 1-based row; 0 where none is meant.
    pub row: u32,
    /// Column letters as the spreadsheet shows them.
    pub column: String,
    /// The value that caused it, as it stands in the file.
    pub value: String,
    /// Further words of the message.
    pub args: Vec<String>,
    /// How many rows or cells it stands for; the place is the first of them.
    pub count: u64,
}

impl Finding {
    pub fn new(code: Code, value: impl Into<String>) -> Finding {
        Finding {
            code,
            file: String::new(),
            file_id: None,
            sheet: String::new(),
            row: 0,
            column: String::new(),
            value: value.into(),
            args: Vec::new(),
            count: 1,
        }
    }

    #[must_use]
    pub fn with(mut self, arg: impl Into<String>) -> Finding {
        self.args.push(arg.into());
        self
    }

    #[must_use]
    pub fn at(mut self, sheet: &str, row: u32, column: &str) -> Finding {
        self.sheet = sheet.to_owned();
        self.row = row;
        self.column = column.to_owned();
        self
    }

    /// At a row of the ledger; the file's name is filled in later.
    #[must_use]
    pub fn at_row(mut self, origin: &Origin) -> Finding {
        self.file_id = Some(origin.file);
        self.at(&origin.sheet, origin.row, "")
    }

    #[must_use]
    pub fn counted(mut self, count: u64) -> Finding {
        self.count = count;
        self
    }

    /// Says what became of it: the row was left out, or only the cell. The last word of `args`.
    #[must_use]
    pub fn leaving(self, keeps_row: bool) -> Finding {
        self.with(if keeps_row { CELL_EMPTY } else { ROW_LEFT_OUT })
    }

    /// The words for `{outcome}`.
    fn outcome(&self, lang: Lang) -> &'static str {
        let kept = self.args.last().is_some_and(|arg| arg == CELL_EMPTY);
        match kept {
            true => Text::new("该单元格按空处理，该行照计", "the cell is taken as empty, the row counts"),
            false => Text::new("该行未计入", "the row is left out"),
        }
        .get(lang)
    }

    /// The message in the reader's language.
    pub fn message(&self, lang: Lang) -> String {
        let count = self.count.to_string();
        filled(self.code.meaning().message.get(lang), |hole| match hole {
            "value" => Some(&self.value),
            "count" => Some(&count),
            "outcome" => Some(self.outcome(lang)),
            _ => {
                let at: usize = hole.strip_prefix("arg")?.parse().ok()?;
                Some(self.args.get(at).map_or("", String::as_str))
            }
        })
    }

    pub fn severity(&self) -> Severity {
        self.code.meaning().severity
    }
}

/// The code of a finding. The order is the order of the manual page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    FileEmpty,
    FileDamaged,
    FileEncrypted,
    FileUnknown,
    FileTooLarge,
    ReaderFailed,
    SheetUnreadable,
    SheetHidden,
    TextNotDecodable,
    FormulaWithoutValue,
    TextMalformed,
    CellFarAway,
    TextCutOff,
    SheetLeftOut,
    EncodingMixed,
    FixedColumns,
    ArchiveUnread,
    CellCut,
    StillWritten,
    EntryUnread,
    LinkNotFollowed,
    LinkInside,
    NotAFile,
    FolderTooDeep,
    NameNotUtf8,
    ExportUnknown,
    ExportNearlyKnown,
    OwnReport,
    FormDamaged,
    DecisionIncomplete,
    ExportAmbiguous,
    HeadingRepeated,
    ColumnMissing,
    ColumnGone,
    ExportUndated,
    ExportMissing,
    NothingCame,
    DayNotEnded,
    ExportRefused,
    ExportPartlyRefused,
    ExportNotUsed,
    ExportStale,
    StampWrong,
    ExportReplaced,
    ExportRepeated,
    NotAnAmount,
    NotANumber,
    NumberTooLarge,
    UnitRefused,
    UnitUnknown,
    AmountRounded,
    NotADate,
    NotYesNo,
    UnknownWord,
    RequiredMissing,
    NoneFilled,
    KeyDamaged,
    NumberDecorated,
    CellError,
    RowWidth,
    RowMended,
    RowUnclaimed,
    BlockUnknown,
    DirectionUnknown,
    DirectionUnclear,
    RowVoid,
    WordOfReturn,
    ColumnsExchanged,
    ColumnUnread,
    RepeatedRow,
    DuplicateKey,
    DuplicateKeyFiles,
    LineAgain,
    LineRenumbered,
    TotalGone,
    RowsGone,
    RowsVanished,
    BalanceBreaks,
    PartsDiffer,
    MixedFormats,
    WordsVary,
    TextTrimmed,
    DateFromOtherColumn,
    ValueUnexpected,
    PayerRowsDiffer,
    LineWithoutOrder,
    OrderWithoutLines,
    PartPriceMissing,
    PartPriceZero,
    LaborAmountMissing,
    PayerUnknown,
    QuantityMissing,
    CostMissing,
    SumTooLarge,
    ControlTotalDiffers,
    CashNotCounted,
    NumberAmbiguous,
    OpeningDoubled,
    OpeningWithoutOrder,
    OpeningDatedLater,
    InsurerLineUnknown,
    AliasChanged,
}

impl Code {
    pub fn meaning(self) -> &'static Meaning {
        &MEANINGS[self as usize]
    }

    pub fn id(self) -> &'static str {
        self.meaning().id
    }

    /// Whether an export gave nothing because of it, or too little to count as having come: the date is incomplete.
    pub fn is_unread(self) -> bool {
        matches!(
            self,
            Code::FileEmpty
                | Code::FileDamaged
                | Code::FileEncrypted
                | Code::FileTooLarge
                | Code::ReaderFailed
                | Code::SheetUnreadable
                | Code::TextCutOff
                | Code::FixedColumns
                | Code::ArchiveUnread
                | Code::StillWritten
                | Code::EntryUnread
                | Code::LinkNotFollowed
                | Code::FolderTooDeep
                | Code::ExportAmbiguous
                | Code::ExportNearlyKnown
                | Code::ExportMissing
                | Code::NothingCame
                | Code::ExportRefused
                | Code::ExportNotUsed
        )
    }

    pub fn from_id(id: &str) -> Option<Code> {
        MEANINGS.iter().find(|m| m.id == id).map(|m| m.code)
    }
}

/// The catalogue, in the order of [`Code`].
pub const MEANINGS: &[Meaning] = &[
    Meaning {
        code: Code::FileEmpty,
        id: "file_empty",
        severity: Severity::Error,
        title: Text::new("空文件", "Empty file"),
        message: Text::new("文件是空的", "the file is empty"),
        remedy: Text::new("请在系统里重新导出，放回 inbox", "export it again and put it back into inbox"),
    },
    Meaning {
        code: Code::FileDamaged,
        id: "file_damaged",
        severity: Severity::Error,
        title: Text::new("文件损坏", "Damaged file"),
        message: Text::new("文件被截断或已损坏：{value}", "the file is cut off or damaged: {value}"),
        remedy: Text::new("请重新导出或重新传送该文件", "export or transfer the file again"),
    },
    Meaning {
        code: Code::FileEncrypted,
        id: "file_encrypted",
        severity: Severity::Error,
        title: Text::new("文件有密码", "Protected file"),
        message: Text::new("文件有打开密码，无法读取", "the file is protected by a password"),
        remedy: Text::new(
            "请导出不带密码的文件；压缩包请用密码解压，再把里面的文件放进 inbox",
            "export it without a password; unpack an archive with its password and put the files in it into inbox",
        ),
    },
    Meaning {
        code: Code::FileUnknown,
        id: "file_unknown",
        severity: Severity::Warning,
        title: Text::new("不是可识别的文件格式", "Unknown format"),
        message: Text::new(
            "内容不是 xlsx、xls、ods、csv、文本表格、HTML 或 XML 表格：{value}",
            "the content is no xlsx, xls, ods, csv, tab text, HTML or XML table: {value}",
        ),
        remedy: Text::new(
            "若是报表，请另存为 xlsx 或 csv；若不是，请移出 inbox",
            "save an export as xlsx or csv; move anything else out of inbox",
        ),
    },
    Meaning {
        code: Code::FileTooLarge,
        id: "file_too_large",
        severity: Severity::Error,
        title: Text::new("文件超过限制", "File over a limit"),
        message: Text::new("文件超过读取限制：{value}", "the file is over a reading limit: {value}"),
        remedy: Text::new(
            "请分段导出，或在 hesuan.toml 的 [reader] 中提高限制，下次运行会自动重读；不是导出文件的请移出 inbox",
            "export in parts, or raise the limit in [reader] of hesuan.toml: the next run reads it again; move what is no export out of inbox",
        ),
    },
    Meaning {
        code: Code::ReaderFailed,
        id: "reader_failed",
        severity: Severity::Error,
        title: Text::new("这次没有读成", "Not read this time"),
        message: Text::new(
            "读取进程在该文件上中止或未能启动：{value}",
            "the fenced reader stopped on this file or could not be started: {value}",
        ),
        remedy: Text::new(
            "下次运行会自动重读；如仍失败，请看内存、打开文件数（ulimit）是否足够，或用表格软件打开后另存为 xlsx，再放回 inbox",
            "the next run reads it again by itself; if it fails again, look whether memory and open files (ulimit) suffice, or open it in a spreadsheet program, save as xlsx and put it back",
        ),
    },
    Meaning {
        code: Code::SheetUnreadable,
        id: "sheet_unreadable",
        severity: Severity::Error,
        title: Text::new("工作表无法读取", "Sheet unreadable"),
        message: Text::new("工作表无法读取：{value}", "the sheet cannot be read: {value}"),
        remedy: Text::new("请检查该表中的错误单元格，重新导出", "look for error cells in the sheet and export again"),
    },
    Meaning {
        code: Code::SheetHidden,
        id: "sheet_hidden",
        severity: Severity::Info,
        title: Text::new("隐藏的工作表", "Hidden sheet"),
        message: Text::new("工作表是隐藏的，仍已读取", "the sheet is hidden and was read all the same"),
        remedy: Text::new(
            "如不应计入，请删除该表后重新导出",
            "delete the sheet and export again if it should not count",
        ),
    },
    Meaning {
        code: Code::TextNotDecodable,
        id: "text_not_decodable",
        severity: Severity::Error,
        title: Text::new("文字无法解码", "Text not decodable"),
        message: Text::new("字节 {value} 不是有效的 {arg0} 文字", "the bytes {value} are no valid {arg0} text"),
        remedy: Text::new("请用 UTF-8 或 GB18030 重新导出", "export again as UTF-8 or GB18030"),
    },
    Meaning {
        code: Code::FormulaWithoutValue,
        id: "formula_without_value",
        severity: Severity::Error,
        title: Text::new("公式没有结果", "Formula without a value"),
        message: Text::new(
            "单元格是公式但没有保存结果，不当作 0",
            "the cell is a formula without a stored value; it is not taken as 0",
        ),
        remedy: Text::new("请在表格软件中打开、重算并保存", "open it in a spreadsheet program, recalculate and save"),
    },
    Meaning {
        code: Code::TextMalformed,
        id: "text_malformed",
        severity: Severity::Error,
        title: Text::new("文本格式错误", "Malformed text"),
        message: Text::new("引号没有结束或含有空字符：{value}", "a quote never closes or there are NUL bytes: {value}"),
        remedy: Text::new("请重新导出该文件", "export the file again"),
    },
    Meaning {
        code: Code::CellFarAway,
        id: "cell_far_away",
        severity: Severity::Info,
        title: Text::new("远处的孤立单元格", "Lone far-away cell"),
        message: Text::new(
            "远离数据的孤立单元格未读取：{value}",
            "a lone cell far from the data was left out: {value}",
        ),
        remedy: Text::new("如该单元格有意义，请移近数据后重新导出", "move it next to the data if it means something"),
    },
    Meaning {
        code: Code::TextCutOff,
        id: "text_cut_off",
        severity: Severity::Error,
        title: Text::new("文件中途断开", "File ends inside a row"),
        message: Text::new(
            "文件在这一行中间断开（最后读到“{value}”），后面可能还有行",
            "the file ends inside this row (last read: \"{value}\"); rows may be missing behind it",
        ),
        remedy: Text::new("请重新导出或重新传送整个文件", "export or transfer the whole file again"),
    },
    Meaning {
        code: Code::SheetLeftOut,
        id: "sheet_left_out",
        severity: Severity::Warning,
        title: Text::new("工作表未核对", "Sheet not matched"),
        message: Text::new(
            "工作表“{value}”也有这些标题（{arg0} 行），核对只用了另一张表",
            "the sheet \"{value}\" has the headings too ({arg0} rows); only another one was matched",
        ),
        remedy: Text::new(
            "如应一并核对，请并入同一张表，或单独存为一个文件",
            "put its rows into the same sheet, or match it as a file of its own, if it should count",
        ),
    },
    Meaning {
        code: Code::EncodingMixed,
        id: "encoding_mixed",
        severity: Severity::Warning,
        title: Text::new("文件中混有两种编码", "Two encodings in one file"),
        message: Text::new(
            "文件的编码是 {arg0}，第 {value} 行是另一种编码，已逐行读取",
            "the file is in {arg0}, the lines {value} are in another encoding; each line was read in its own",
        ),
        remedy: Text::new(
            "请核对这些行的文字；最好从系统里重新导出一个文件，不要拼接",
            "look at the text of these lines; better export one file anew than put files together",
        ),
    },
    Meaning {
        code: Code::FixedColumns,
        id: "fixed_columns",
        severity: Severity::Error,
        title: Text::new("固定列宽的文本", "Text in fixed columns"),
        message: Text::new(
            "文本用空格对齐各列，没有分隔符，无法可靠地分列；第一行：{value}",
            "the text has its columns in fixed places and no delimiter: it cannot be cut reliably; first line: {value}",
        ),
        remedy: Text::new(
            "请导出为 xlsx 或带逗号、制表符的文本，再放回 inbox",
            "export it as xlsx or as text with commas or tabs and put it back",
        ),
    },
    Meaning {
        code: Code::ArchiveUnread,
        id: "archive_unread",
        severity: Severity::Error,
        title: Text::new("压缩包无法解开", "Archive not unpacked"),
        message: Text::new(
            "压缩包的种类不支持（{value}），其中的文件没有读取",
            "archives of this kind are not unpacked ({value}); the files in it were not read",
        ),
        remedy: Text::new(
            "请解压后把里面的导出文件放进 inbox，或改用 zip",
            "unpack it and put the exports in it into inbox, or use zip",
        ),
    },
    Meaning {
        code: Code::CellCut,
        id: "cell_cut",
        severity: Severity::Warning,
        title: Text::new("单元格文字过长", "Text too long for a cell"),
        message: Text::new(
            "文字超过一个单元格能容纳的 32767 字，只读取了开头：{value}",
            "the text is longer than the 32,767 characters of a cell; only its beginning was read: {value}",
        ),
        remedy: Text::new(
            "请检查该单元格；文本文件多半是引号没有配对",
            "look at the cell; in a text file most likely a quote does not close",
        ),
    },
    Meaning {
        code: Code::StillWritten,
        id: "still_written",
        severity: Severity::Error,
        title: Text::new("文件正在写入", "File still being written"),
        message: Text::new(
            "文件正在复制或写入，这次没有读取",
            "the file is being copied or written; it was not read this time",
        ),
        remedy: Text::new(
            "复制完成后再运行一次；等待时间由 hesuan.toml 的 [run] settle 设定",
            "run again when it is complete; [run] settle in hesuan.toml says how long a run waits",
        ),
    },
    Meaning {
        code: Code::EntryUnread,
        id: "entry_unread",
        severity: Severity::Error,
        title: Text::new("inbox 中的文件或文件夹打不开", "File or folder of inbox cannot be opened"),
        message: Text::new("无法打开：{value}", "it cannot be opened: {value}"),
        remedy: Text::new(
            "请检查权限（运行 hesuan 的用户须能读取）和磁盘，或移出 inbox",
            "look at its rights (the user that runs hesuan must be able to read it) and at the disk, or move it out of inbox",
        ),
    },
    Meaning {
        code: Code::LinkNotFollowed,
        id: "link_not_followed",
        severity: Severity::Error,
        title: Text::new("链接未读取", "Link not followed"),
        message: Text::new(
            "链接指向 inbox 之外或不存在的位置，没有读取：{value}",
            "the link leads out of inbox or to nothing and was not followed: {value}",
        ),
        remedy: Text::new(
            "请把文件本身复制到 inbox，并删除链接",
            "copy the file itself into inbox and delete the link",
        ),
    },
    Meaning {
        code: Code::LinkInside,
        id: "link_inside",
        severity: Severity::Info,
        title: Text::new("链接指向 inbox 之内", "Link within inbox"),
        message: Text::new(
            "链接指向 inbox 中的“{value}”，其内容只按原位置读取一次",
            "the link leads to \"{value}\" in inbox, which is read once, at its own place",
        ),
        remedy: Text::new("可以删除该链接", "the link can be deleted"),
    },
    Meaning {
        code: Code::NotAFile,
        id: "not_a_file",
        severity: Severity::Warning,
        title: Text::new("不是普通文件", "No regular file"),
        message: Text::new("不是普通文件（{value}），没有读取", "it is no regular file ({value}) and was not read"),
        remedy: Text::new("请移出 inbox", "move it out of inbox"),
    },
    Meaning {
        code: Code::FolderTooDeep,
        id: "folder_too_deep",
        severity: Severity::Error,
        title: Text::new("文件夹层数过多", "Folder too deep"),
        message: Text::new(
            "文件夹超过 {value} 层，里面的文件没有读取",
            "the folder lies more than {value} levels deep; the files in it were not read",
        ),
        remedy: Text::new("请把里面的导出文件移到 inbox", "move the exports in it up into inbox"),
    },
    Meaning {
        code: Code::NameNotUtf8,
        id: "name_not_utf8",
        severity: Severity::Warning,
        title: Text::new("文件名编码不是 UTF-8", "Name not in UTF-8"),
        message: Text::new(
            "文件名不是 UTF-8，已按 GB18030 理解为“{value}”",
            "the name is not in UTF-8; it was taken as GB18030: \"{value}\"",
        ),
        remedy: Text::new(
            "请核对名称，必要时改名；在 Linux 上解压 zip 时请指定编码",
            "look at the name and rename it if it is wrong; name the encoding when a zip is unpacked on Linux",
        ),
    },
    Meaning {
        code: Code::ExportUnknown,
        id: "export_unknown",
        severity: Severity::Warning,
        title: Text::new("不认识的导出", "Unknown export"),
        message: Text::new(
            "没有来源定义认得这张表；看到的表头：{value}；最接近的是{arg0}，缺少：{arg1}",
            "no source spec knows this table; headings seen: {value}; nearest is {arg0}, which lacks: {arg1}",
        ),
        remedy: Text::new(
            "请在 report_specs/sources 中增加来源定义或别名，或移出 inbox",
            "add a source spec or an alias in report_specs/sources, or move the file out of inbox",
        ),
    },
    Meaning {
        code: Code::ExportNearlyKnown,
        id: "export_nearly_known",
        severity: Severity::Error,
        title: Text::new("导出缺少表头", "Export lacks a heading"),
        message: Text::new(
            "这张表像是{arg0}，但缺少表头：{arg1}；没有读取。看到的表头：{value}",
            "this table looks like {arg0} but lacks the headings {arg1}; it was not read. Headings seen: {value}",
        ),
        remedy: Text::new(
            "请按原来的表头重新导出，或在 report_specs/sources 中为改了名的表头增加别名",
            "export it with its usual headings, or add the new name of the heading in report_specs/sources",
        ),
    },
    Meaning {
        code: Code::OwnReport,
        id: "own_report",
        severity: Severity::Info,
        title: Text::new("本程序的报表", "A report of this program"),
        message: Text::new(
            "这是本程序发布的工作簿，不是导出；其中没有可读回的表格，未读取任何内容",
            "a workbook that this program published, not an export: it has no sheet to read back, nothing was read",
        ),
        remedy: Text::new(
            "可移出 inbox；要交回处理或盘点，请放入含该表的工作簿",
            "move it out of inbox; to hand back decisions or a count, drop the workbook that has the sheet",
        ),
    },
    Meaning {
        code: Code::FormDamaged,
        id: "form_damaged",
        severity: Severity::Error,
        title: Text::new("填写表缺少列", "Form without its columns"),
        message: Text::new(
            "填写表“{value}”缺少列“{arg0}”，其中填写的内容未读取",
            "the form \"{value}\" lacks the columns \"{arg0}\"; what was filled in was not read",
        ),
        remedy: Text::new(
            "请在最新的工作簿中重新填写，不要删除或改名列，再放入 inbox",
            "fill in the newest workbook again without deleting or renaming columns, and drop it into inbox",
        ),
    },
    Meaning {
        code: Code::DecisionIncomplete,
        id: "decision_incomplete",
        severity: Severity::Error,
        title: Text::new("处理未填完整", "Decision filled in by half"),
        message: Text::new(
            "对“{value}”的处理未执行：{arg0}",
            "the decision about \"{value}\" was not carried out: {arg0}",
        ),
        remedy: Text::new(
            "请在最新的异常处理表中补填，再放入 inbox",
            "complete it in the newest exceptions sheet and drop it into inbox",
        ),
    },
    Meaning {
        code: Code::ExportAmbiguous,
        id: "export_ambiguous",
        severity: Severity::Error,
        title: Text::new("两个来源定义争同一张表", "Two specs claim one export"),
        message: Text::new(
            "来源定义 {value} 都认领这张表，未读取",
            "the source specs {value} all claim this table; it was not taken",
        ),
        remedy: Text::new(
            "请把文件名改为其中一种，或在来源定义中加 without",
            "name the file after one of them or add a `without` to the specs",
        ),
    },
    Meaning {
        code: Code::HeadingRepeated,
        id: "heading_repeated",
        severity: Severity::Warning,
        title: Text::new("表头重复", "Heading repeated"),
        message: Text::new(
            "表头“{value}”出现多次，取第一列",
            "the heading \"{value}\" stands more than once; the first column is taken",
        ),
        remedy: Text::new(
            "请核对该列；必要时在来源定义中写 nth",
            "check the column; set nth in the source spec where the other is meant",
        ),
    },
    Meaning {
        code: Code::ColumnMissing,
        id: "column_missing",
        severity: Severity::Error,
        title: Text::new("缺少列", "Column missing"),
        message: Text::new(
            "{arg0}缺少必需的列“{value}”，各行未计入",
            "{arg0}: the required column \"{value}\" is missing; its rows are left out",
        ),
        remedy: Text::new(
            "请恢复该列后重新导出，或在来源定义中加别名",
            "export with the column or add its new name as an alias",
        ),
    },
    Meaning {
        code: Code::ColumnGone,
        id: "column_gone",
        severity: Severity::Warning,
        title: Text::new("比以往少一列", "A column less than before"),
        message: Text::new(
            "没有“{value}”列，此前的 {arg0} 有；由它得出的数字这次没有它",
            "there is no column \"{value}\", which {arg0} before it had: what is figured from it lacks it now",
        ),
        remedy: Text::new(
            "如漏选了该列，请重新导出；如表头已改名，请在来源定义中加别名",
            "export again with the column, or add its new name as an alias",
        ),
    },
    Meaning {
        code: Code::ExportUndated,
        id: "export_undated",
        severity: Severity::Info,
        title: Text::new("导出没有日期", "Export without a date"),
        message: Text::new(
            "文件名、标题和数据中都没有日期，对任何日期都有效",
            "neither name, title nor rows carry a date; it holds for every date",
        ),
        remedy: Text::new("请在文件名中写上日期，如 _20261031", "put the date into the file name, e.g. _20261031"),
    },
    Meaning {
        code: Code::ExportMissing,
        id: "export_missing",
        severity: Severity::Error,
        title: Text::new("缺少导出", "Export missing"),
        message: Text::new("{arg0} 没有“{value}”的导出", "no export of \"{value}\" for {arg0}"),
        remedy: Text::new("请补导出并放入 inbox，再次运行", "export it, put it into inbox and run again"),
    },
    Meaning {
        code: Code::NothingCame,
        id: "nothing_came",
        severity: Severity::Error,
        title: Text::new("当日没有导出", "Nothing came"),
        message: Text::new(
            "{value} 没有收到任何导出，也没有当日的记录：当日的报表没有依据",
            "no export came for {value} and no record is dated on it: the reports of that day rest on nothing",
        ),
        remedy: Text::new(
            "请检查导出是否已放入 inbox；若当日确实没有营业，可以不管",
            "see whether the exports were put into inbox; if the shop was closed that day, nothing need be done",
        ),
    },
    Meaning {
        code: Code::DayNotEnded,
        id: "day_not_ended",
        severity: Severity::Warning,
        title: Text::new("当日未结束", "The day has not ended"),
        message: Text::new(
            "{value} 还没有结束，这份报表是临时的",
            "{value} has not ended; this report is a preliminary one",
        ),
        remedy: Text::new("次日的运行会自动替换它", "the run of the next day replaces it"),
    },
    Meaning {
        code: Code::ExportRefused,
        id: "export_refused",
        severity: Severity::Error,
        title: Text::new("大半的行被拒收", "Most rows refused"),
        message: Text::new(
            "“{value}”有单号的 {arg1} 行只收下 {arg0} 行，按没有收到该导出处理：以它为依据的指标显示为“–”",
            "“{value}”: of {arg1} rows that bear a key only {arg0} could be taken, so it counts as not received: figures that rest on it show “–”",
        ),
        remedy: Text::new(
            "请按各行的问题改正后以同一文件名重新导出",
            "see what is wrong with its rows, correct it and export it again under the same name",
        ),
    },
    Meaning {
        code: Code::ExportPartlyRefused,
        id: "export_partly_refused",
        severity: Severity::Error,
        title: Text::new("合计含拒收的行", "Total holds refused rows"),
        message: Text::new(
            "“{value}”的合计包含被拒收的 {arg0} 行，其金额 {arg1} 没有计入：以它为依据的报表不完整",
            "the total of “{value}” holds {arg0} rows that were refused, their money ({arg1}) is not counted: reports that rest on it are incomplete",
        ),
        remedy: Text::new(
            "请按各行的问题改正后以同一文件名重新导出",
            "see what is wrong with these rows, correct them and export it again under the same name",
        ),
    },
    Meaning {
        code: Code::ExportNotUsed,
        id: "export_not_used",
        severity: Severity::Error,
        title: Text::new("文件名像导出，但没有读到内容", "Named like an export, nothing read"),
        message: Text::new(
            "文件名像是“{value}”，但其中没有一张表能识别，当日也没有别的“{value}”",
            "by its name it is an export of “{value}”, but none of its tables is known, and no other one came for that day",
        ),
        remedy: Text::new(
            "请重新导出为 xlsx 或 csv 并保留原表头；不是导出的文件请移出 inbox",
            "export it again as xlsx or csv with its headings as they were; move what is no export out of inbox",
        ),
    },
    Meaning {
        code: Code::ExportStale,
        id: "export_stale",
        severity: Severity::Warning,
        title: Text::new("导出日期早于自己的记录", "Dated before its own rows"),
        message: Text::new(
            "文件名或标题的日期是 {arg0}，但有 {count} 行在它之后，最晚 {value}：文件名和这些行总有一个日期不对",
            "its name or title says {arg0}, yet {count} rows are dated later, up to {value}: one of the two is wrong",
        ),
        remedy: Text::new(
            "请核对导出日期和这些行的日期；改正后重新导出",
            "check the date of the export and of these rows; correct it and export it again",
        ),
    },
    Meaning {
        code: Code::StampWrong,
        id: "stamp_wrong",
        severity: Severity::Warning,
        title: Text::new("导出时间不可能", "Time of export cannot be"),
        message: Text::new(
            "表上写的导出时间 {arg0} 早于它自己的记录（最晚 {value}），没有采用",
            "the time of export that it states, {arg0}, is before its own newest row ({value}); it is not believed",
        ),
        remedy: Text::new(
            "请核对导出电脑的时钟和这一行的日期",
            "check the clock of the machine that exports, and the date of that row",
        ),
    },
    Meaning {
        code: Code::ExportReplaced,
        id: "export_replaced",
        severity: Severity::Info,
        title: Text::new("导出被新版替换", "Export replaced"),
        message: Text::new(
            "同名的新文件替换了它；它的合计不再核对",
            "a newer file of the same name replaced it; its totals are no longer checked",
        ),
        remedy: Text::new("无需处理", "nothing to do"),
    },
    Meaning {
        code: Code::ExportRepeated,
        id: "export_repeated",
        severity: Severity::Warning,
        title: Text::new("重复的导出", "Export repeated"),
        message: Text::new(
            "内容就是 {value}（{arg0}）的内容，不算作 {arg1} 的导出",
            "it says what {value} ({arg0}) says and nothing else; it is no export of {arg1}",
        ),
        remedy: Text::new(
            "请重新导出这一天的数据，同名放入收件夹",
            "export that day again and drop it under the same name",
        ),
    },
    Meaning {
        code: Code::NotAnAmount,
        id: "not_an_amount",
        severity: Severity::Error,
        title: Text::new("不是金额", "Not an amount"),
        message: Text::new(
            "“{arg0}”列的“{value}”不是金额，{outcome}",
            "column \"{arg0}\": \"{value}\" is not an amount; {outcome}",
        ),
        remedy: Text::new("请在系统中更正该单元格后重新导出", "correct the cell and export again"),
    },
    Meaning {
        code: Code::NotANumber,
        id: "not_a_number",
        severity: Severity::Error,
        title: Text::new("不是数字", "Not a number"),
        message: Text::new(
            "“{arg0}”列的“{value}”不是数字，{outcome}",
            "column \"{arg0}\": \"{value}\" is not a number; {outcome}",
        ),
        remedy: Text::new("请更正该单元格后重新导出", "correct the cell and export again"),
    },
    Meaning {
        code: Code::NumberTooLarge,
        id: "number_too_large",
        severity: Severity::Error,
        title: Text::new("数字大得不可能", "Number too large"),
        message: Text::new(
            "“{arg0}”列的“{value}”不小于 {arg1}，多半是卡号、电话或单号填错了列，{outcome}",
            "column \"{arg0}\": \"{value}\" is not below {arg1}, more likely a card, telephone or document number in the wrong column; {outcome}",
        ),
        remedy: Text::new("请在系统中更正该单元格后重新导出", "correct the cell and export again"),
    },
    Meaning {
        code: Code::UnitRefused,
        id: "unit_refused",
        severity: Severity::Error,
        title: Text::new("单位或币种不符", "Not in yuan with tax"),
        message: Text::new(
            "“{arg0}”列的“{value}”写明是“{arg1}”，不是含税人民币（或工时、公里），不换算，{outcome}",
            "column \"{arg0}\": \"{value}\" is said to be {arg1}, not yuan with tax (or hours, kilometres), and is not converted; {outcome}",
        ),
        remedy: Text::new(
            "请导出含税人民币金额；若该列本来就要用，请在来源定义的 from 中写全这个表头",
            "export yuan with tax; if this very column is meant, name its whole heading in `from` of the source spec",
        ),
    },
    Meaning {
        code: Code::UnitUnknown,
        id: "unit_unknown",
        severity: Severity::Warning,
        title: Text::new("表头里的词没有用上", "Word beside a heading"),
        message: Text::new(
            "表头“{value}”里的“{arg0}”不知何意，金额按元读取",
            "nobody knows what \"{arg0}\" in the heading \"{value}\" says; the amounts are read as yuan",
        ),
        remedy: Text::new(
            "请核对该列；若无妨，请在来源定义的 from 中写全这个表头",
            "check the column; if it does no harm, name the whole heading in `from` of the source spec",
        ),
    },
    Meaning {
        code: Code::AmountRounded,
        id: "amount_rounded",
        severity: Severity::Warning,
        title: Text::new("金额不到分", "Amount finer than a fen"),
        message: Text::new(
            "“{arg0}”列的“{value}”不是整分，已四舍五入",
            "column \"{arg0}\": \"{value}\" is no whole fen and was rounded",
        ),
        remedy: Text::new("请核对该金额", "check the amount"),
    },
    Meaning {
        code: Code::NotADate,
        id: "not_a_date",
        severity: Severity::Error,
        title: Text::new("不是日期", "Not a date"),
        message: Text::new(
            "“{arg0}”列的“{value}”不是日期，或可作两种理解，{outcome}",
            "column \"{arg0}\": \"{value}\" is not a date, or could be two; {outcome}",
        ),
        remedy: Text::new("请更正该单元格，如 2026-10-31 08:30", "correct the cell, e.g. 2026-10-31 08:30"),
    },
    Meaning {
        code: Code::NotYesNo,
        id: "not_yes_no",
        severity: Severity::Error,
        title: Text::new("不是是/否", "Not yes or no"),
        message: Text::new(
            "“{arg0}”列的“{value}”不是“是”或“否”，{outcome}",
            "column \"{arg0}\": \"{value}\" is neither yes nor no; {outcome}",
        ),
        remedy: Text::new("请填“是”或“否”", "write yes (是) or no (否)"),
    },
    Meaning {
        code: Code::UnknownWord,
        id: "unknown_word",
        severity: Severity::Error,
        title: Text::new("不认识的词", "Unknown word"),
        message: Text::new(
            "“{arg0}”列的“{value}”不在词表中，{outcome}；可用：{arg1}",
            "column \"{arg0}\": \"{value}\" is in no word list, {outcome}; known: {arg1}",
        ),
        remedy: Text::new(
            "请更正，或在来源定义的 words 中加上这个词",
            "correct it or add the word to `words` of the source spec",
        ),
    },
    Meaning {
        code: Code::RequiredMissing,
        id: "required_missing",
        severity: Severity::Error,
        title: Text::new("必填为空", "Required cell empty"),
        message: Text::new("“{arg0}”列为空，该行未计入", "column \"{arg0}\" is empty; the row is left out"),
        remedy: Text::new("请补填后重新导出", "fill the cell and export again"),
    },
    Meaning {
        code: Code::NoneFilled,
        id: "none_filled",
        severity: Severity::Error,
        title: Text::new("号码都为空", "No number at all"),
        message: Text::new("“{arg0}”都为空，该行未计入", "none of \"{arg0}\" is filled; the row is left out"),
        remedy: Text::new(
            "请至少填其中一个，再把文件放回 inbox",
            "fill one of them at least and put the file back into inbox",
        ),
    },
    Meaning {
        code: Code::KeyDamaged,
        id: "key_damaged",
        severity: Severity::Error,
        title: Text::new("号码已损坏", "Number damaged"),
        message: Text::new(
            "“{arg0}”列的“{value}”已被表格软件改动（科学记数，或超过 15 位数字），认不出是哪个号码，{outcome}",
            "column \"{arg0}\": \"{value}\" was damaged by a spreadsheet (scientific notation, or more than 15 digits) and identifies nothing; {outcome}",
        ),
        remedy: Text::new("请把该列以文本格式导出", "export the column as text"),
    },
    Meaning {
        code: Code::NumberDecorated,
        id: "number_decorated",
        severity: Severity::Warning,
        title: Text::new("号码带有别的字符", "More than a number"),
        message: Text::new(
            "“{arg0}”列的“{value}”除号码外还有别的字符，照原样取用，可能因此找不到单据",
            "column \"{arg0}\": \"{value}\" bears more than a number; it is taken as it is and may not find its document",
        ),
        remedy: Text::new("请在系统中只留号码后重新导出", "leave only the number in the cell and export again"),
    },
    Meaning {
        code: Code::CellError,
        id: "cell_error",
        severity: Severity::Error,
        title: Text::new("错误值", "Error value"),
        message: Text::new(
            "“{arg0}”列是错误值 {value}，{outcome}",
            "column \"{arg0}\" holds the error value {value}; {outcome}",
        ),
        remedy: Text::new("请更正公式后重新导出", "correct the formula and export again"),
    },
    Meaning {
        code: Code::RowWidth,
        id: "row_width",
        severity: Severity::Error,
        title: Text::new("字段数不符", "Wrong number of fields"),
        message: Text::new(
            "该行有 {arg0} 个字段，表头有 {arg1} 个，无法确定各字段属于哪一列，该行未计入",
            "the row has {arg0} fields and the headings {arg1}: which field is of which column cannot be known, the row is left out",
        ),
        remedy: Text::new(
            "请检查该行是否有未加引号的逗号（金额千分位、备注）或文件被截断，改为 xlsx 或带引号后重新导出",
            "look for commas without quotes (thousands, remarks) or a file that was cut off; export as xlsx or with quotes",
        ),
    },
    Meaning {
        code: Code::RowMended,
        id: "row_mended",
        severity: Severity::Warning,
        title: Text::new("字段已拼回", "Fields put together again"),
        message: Text::new(
            "该行多出的逗号属于“{arg0}”列，按“{value}”读取：各列只有这一种读法",
            "a comma too many is of the column \"{arg0}\", read as \"{value}\": there is no other way to read the row",
        ),
        remedy: Text::new(
            "请核对该行；最好改为 xlsx 或带引号导出",
            "check the row; better export as xlsx or with quotes",
        ),
    },
    Meaning {
        code: Code::RowUnclaimed,
        id: "row_unclaimed",
        severity: Severity::Error,
        title: Text::new("没有人认领的行", "Row that nobody takes"),
        message: Text::new(
            "“{arg0}”列的“{value}”不在来源定义之内，该行没有计入“{arg1}”",
            "column \"{arg0}\": no output of the source spec expects \"{value}\"; the row is not taken as \"{arg1}\"",
        ),
        remedy: Text::new(
            "请核对该词的含义，加入来源定义的 when_all；确实不需要的行写入 [[ignore]]",
            "find out what the word means and add it to a when_all of the source spec, or to an [[ignore]] where such rows are not wanted",
        ),
    },
    Meaning {
        code: Code::BlockUnknown,
        id: "block_unknown",
        severity: Severity::Error,
        title: Text::new("表中另起的一段不认识", "Unknown block below a list"),
        message: Text::new(
            "从这一行起是另一种表头（{value}），没有来源定义认得，其下 {count} 行未计入",
            "other headings begin here ({value}) that no source spec knows; the {count} rows below are left out",
        ),
        remedy: Text::new(
            "请把这一段单独导出，或在 report_specs/sources 中增加来源定义",
            "export the block by itself or add a source spec in report_specs/sources",
        ),
    },
    Meaning {
        code: Code::DirectionUnknown,
        id: "direction_unknown",
        severity: Severity::Error,
        title: Text::new("不认识的收付方向", "Unknown word for a direction"),
        message: Text::new(
            "“{arg0}”列的“{value}”说的是收、付还是作废不得而知，该行未计入",
            "column \"{arg0}\": whether \"{value}\" means money in, out or none is not known; the row is left out",
        ),
        remedy: Text::new(
            "请核对该词，在来源定义的 [direction] words 中写明 in、out、void",
            "find out what it means and say so in [direction] words of the source spec: in, out or void",
        ),
    },
    Meaning {
        code: Code::DirectionUnclear,
        id: "direction_unclear",
        severity: Severity::Error,
        title: Text::new("收付方向不明", "Direction is not clear"),
        message: Text::new(
            "“{arg0}”列写“{value}”，金额却没有负号：是退款本身还是已被退款的收款，看不出来，该行未计入",
            "column \"{arg0}\" says \"{value}\" and the amount has no minus: whether this row is the refund or the payment that was refunded cannot be told; it is left out",
        ),
        remedy: Text::new(
            "请在系统中核对；退款请以负数导出，红冲的结算单请带上冲销日期或原结算单号",
            "check it in the system; export refunds with a minus, and reversed settlements with the day of reversal or the number that they reverse",
        ),
    },
    Meaning {
        code: Code::RowVoid,
        id: "row_void",
        severity: Severity::Info,
        title: Text::new("不是钱的行", "Rows that are no money"),
        message: Text::new(
            "“{arg0}”列写“{value}”的 {count} 行没有资金往来，不计金额",
            "{count} rows whose column \"{arg0}\" says \"{value}\" moved no money and count as none",
        ),
        remedy: Text::new("无需处理", "nothing to do"),
    },
    Meaning {
        code: Code::WordOfReturn,
        id: "word_of_return",
        severity: Severity::Warning,
        title: Text::new("疑似退款退货的字样", "Word that speaks of something taken back"),
        message: Text::new(
            "“{arg0}”列写“{value}”，像是退款、退货或撤销，但程序不认识这个词；该行按所写金额和数量计入",
            "column \"{arg0}\" says \"{value}\", which may speak of a refund, a return or a cancellation, and is no word that is known; the row counts as it is written",
        ),
        remedy: Text::new(
            "请核对该行；若确是退款或作废，请以负数导出，或把该词写入本店规格的 [direction] words",
            "check the row; if it is a refund or void, export it with a minus, or name the word in [direction] words of a spec of the shop",
        ),
    },
    Meaning {
        code: Code::ColumnsExchanged,
        id: "columns_exchanged",
        severity: Severity::Warning,
        title: Text::new("两列标题疑似对调", "Headings that may have been exchanged"),
        message: Text::new(
            "“{value}”列里全是以往写在“{arg0}”列的内容（{arg1}），而“{arg0}”列里没有一个以往的写法",
            "column \"{value}\" holds only what stood in \"{arg0}\" before ({arg1}), and \"{arg0}\" holds none of its former words",
        ),
        remedy: Text::new(
            "请核对导出的列标题；若确已对调，请改正后以原文件名重新导出",
            "check the headings of the export; if they were exchanged, put them right and export it again under the same name",
        ),
    },
    Meaning {
        code: Code::ColumnUnread,
        id: "column_unread",
        severity: Severity::Warning,
        title: Text::new("未读的列涉及金额", "Unread column speaks of money"),
        message: Text::new(
            "“{arg0}”列（如“{value}”）没有被读取，它可能说明收付方向、退款、状态、币种或税",
            "the column \"{arg0}\" (such as \"{value}\") is not read; it may tell direction, refund, state, currency or tax",
        ),
        remedy: Text::new(
            "请核对该列是否影响金额；需要时在来源定义的 [output.direction] 中写上该表头",
            "check whether it changes amounts; where it does, name the heading in [output.direction] of the source spec",
        ),
    },
    Meaning {
        code: Code::RepeatedRow,
        id: "repeated_row",
        severity: Severity::Warning,
        title: Text::new("重复的行", "Repeated row"),
        message: Text::new(
            "与同一文件中的另一行完全相同（{value}），只计一次",
            "the same as another row of the file ({value}); counted once",
        ),
        remedy: Text::new("请核对是否重复导出", "check whether the row was exported twice"),
    },
    Meaning {
        code: Code::DuplicateKey,
        id: "duplicate_key",
        severity: Severity::Warning,
        title: Text::new("同号不同行", "Same key, different rows"),
        message: Text::new(
            "同一文件中号码 {value} 有内容不同的两行，两行都保留",
            "the key {value} stands on two different rows of one file; both are kept",
        ),
        remedy: Text::new("请核对哪一行有效，在系统中更正", "find out which row is valid and correct it in the system"),
    },
    Meaning {
        code: Code::DuplicateKeyFiles,
        id: "duplicate_key_files",
        severity: Severity::Warning,
        title: Text::new("两份导出同号不同行", "Same key, different rows in two files"),
        message: Text::new(
            "号码 {value} 在同一日期的另一份导出中也有，内容不同（{arg0}），两行都计入",
            "the key {value} stands on a different row of another export of the same date ({arg0}); both count",
        ),
        remedy: Text::new(
            "请核对是两张单据还是一张；只有一张时，请在系统中更正后以原文件名重新导出",
            "find out whether these are two documents or one; if one, correct it and export it again under its name",
        ),
    },
    Meaning {
        code: Code::LineAgain,
        id: "line_again",
        severity: Severity::Warning,
        title: Text::new("可能重复的明细行", "Line that may be another one changed"),
        message: Text::new(
            "{value} 的明细 {arg0} 在此前的导出中已有一行（{arg1}），内容不同；导出没有行号，两行都计入",
            "{value} has a line {arg0} in an older export too ({arg1}), with other values; without line numbers both count",
        ),
        remedy: Text::new(
            "请核对是新增还是改动；若是改动，请重新导出该单全部明细（同名文件），或导出带行号的明细",
            "find out whether it was added or changed; if changed, export all lines of the order under the former name, or with line numbers",
        ),
    },
    Meaning {
        code: Code::LineRenumbered,
        id: "line_renumbered",
        severity: Severity::Warning,
        title: Text::new("行号在各工作表间重复", "Line number stands on two sheets"),
        message: Text::new(
            "{arg0} 的行号 {value} 在前面的工作表中已用于另一行，本行改记为第 {arg1} 行，两行都计入",
            "line {value} of {arg0} stands on an earlier sheet with other values; this one is taken as line {arg1}, and both count",
        ),
        remedy: Text::new(
            "请核对两行是否同一行的两个版本；若是，请只导出一份",
            "find out whether they are two versions of one line; if so, export only one of them",
        ),
    },
    Meaning {
        code: Code::TotalGone,
        id: "total_gone",
        severity: Severity::Warning,
        title: Text::new("缺少合计行", "Total is gone"),
        message: Text::new(
            "同类导出都有合计行（如 {arg0}），本文件没有：结尾或全部数据可能缺失",
            "other exports of this kind have a total (such as {arg0}), this one has none: its end, or all of its rows, may be missing",
        ),
        remedy: Text::new("请重新导出完整文件", "export the whole list again"),
    },
    Meaning {
        code: Code::RowsGone,
        id: "rows_gone",
        severity: Severity::Warning,
        title: Text::new("新导出中已没有的行", "Rows that a newer export lacks"),
        message: Text::new(
            "{arg0}：此前导出的 {count} 行（合计 {value}）在这份导出中已没有，不再计入：{arg1}",
            "{arg0}: {count} rows of earlier exports ({value} in all) are not in this one and no longer count: {arg1}",
        ),
        remedy: Text::new(
            "若确已删除，无需处理；若导出不全，请重新导出全部内容放回 inbox",
            "nothing to do if they were deleted; if the export is not complete, export all of it again",
        ),
    },
    Meaning {
        code: Code::RowsVanished,
        id: "rows_vanished",
        severity: Severity::Warning,
        title: Text::new("消失但仍计入的行", "Rows that vanished and still count"),
        message: Text::new(
            "{arg0}：此前导出的 {count} 行（合计 {value}）在这份导出中已没有，仍按原值计入：{arg1}",
            "{arg0}: {count} rows of earlier exports ({value} in all) are not in this one; they still count: {arg1}",
        ),
        remedy: Text::new(
            "请在系统中核对是否删除；确已删除的，在异常处理表填“作废”并写明原因和处理人；导出不全的，请重新导出",
            "see whether they were deleted; if so, decide void in the exceptions sheet, with reason and name; export again what is not complete",
        ),
    },
    Meaning {
        code: Code::BalanceBreaks,
        id: "balance_breaks",
        severity: Severity::Warning,
        title: Text::new("余额不连续", "Balance does not follow"),
        message: Text::new(
            "余额 {value} 与上一行余额加收入减支出（{arg0}）不符（共 {count} 处）",
            "the balance {value} is not that of the row before with what came in and went out ({arg0}) ({count} in all)",
        ),
        remedy: Text::new(
            "请核对该行与上一行：金额可能串列、漏行或重复",
            "check this row and the one before it: an amount may stand in another column, or a row be missing or doubled",
        ),
    },
    Meaning {
        code: Code::PartsDiffer,
        id: "parts_differ",
        severity: Severity::Warning,
        title: Text::new("合计与各项不符", "A total is not its parts"),
        message: Text::new(
            "该行的合计 {value} 不等于各项之和 {arg0}，按合计计（共 {count} 处）",
            "the total of the row, {value}, is not what its parts come to ({arg0}); the total counts ({count} in all)",
        ),
        remedy: Text::new(
            "请核对该行的各项与合计，更正后重新导出",
            "check the row's parts and its total, correct it and export again",
        ),
    },
    Meaning {
        code: Code::MixedFormats,
        id: "mixed_formats",
        severity: Severity::Info,
        title: Text::new("同列多种写法", "Mixed date shapes"),
        message: Text::new(
            "“{arg0}”列的日期有 {value} 种写法：{arg1}",
            "column \"{arg0}\" holds dates in {value} shapes: {arg1}",
        ),
        remedy: Text::new("无需处理；建议统一格式", "nothing to do; one shape would be better"),
    },
    Meaning {
        code: Code::WordsVary,
        id: "words_vary",
        severity: Severity::Info,
        title: Text::new("同义不同写法", "One thing, several words"),
        message: Text::new("“{arg0}”列用 {value} 表示同一意思", "column \"{arg0}\" uses {value} for the same thing"),
        remedy: Text::new("无需处理；建议统一写法", "nothing to do; one word would be better"),
    },
    Meaning {
        code: Code::TextTrimmed,
        id: "text_trimmed",
        severity: Severity::Info,
        title: Text::new("多余空白", "Stray blanks"),
        message: Text::new(
            "“{arg0}”列有 {count} 个号码带多余空白或全角字符，已规范",
            "column \"{arg0}\": {count} numbers carried stray blanks or full-width characters and were cleaned",
        ),
        remedy: Text::new("无需处理", "nothing to do"),
    },
    Meaning {
        code: Code::DateFromOtherColumn,
        id: "date_from_other_column",
        severity: Severity::Info,
        title: Text::new("日期取自他列", "Date from another column"),
        message: Text::new(
            "“{arg0}”为空的 {count} 行取“{arg1}”的日期",
            "{count} rows without \"{arg0}\" take the date of \"{arg1}\"",
        ),
        remedy: Text::new("请在系统中补填日期", "fill the date in the system"),
    },
    Meaning {
        code: Code::ValueUnexpected,
        id: "value_unexpected",
        severity: Severity::Warning,
        title: Text::new("值不合常规", "Unusual value"),
        message: Text::new(
            "“{arg0}”列的“{value}”不合常规：{arg1}",
            "column \"{arg0}\": \"{value}\" is unusual: {arg1}",
        ),
        remedy: Text::new("请核对", "check it"),
    },
    Meaning {
        code: Code::PayerRowsDiffer,
        id: "payer_rows_differ",
        severity: Severity::Warning,
        title: Text::new("付费行不一致", "Payer rows differ"),
        message: Text::new(
            "结算单 {value} 的各付费行“{arg0}”不一致，取第一行",
            "settlement {value}: its payer rows differ in \"{arg0}\"; the first is taken",
        ),
        remedy: Text::new("请核对该结算单", "check the settlement"),
    },
    Meaning {
        code: Code::LineWithoutOrder,
        id: "line_without_order",
        severity: Severity::Warning,
        title: Text::new("明细无委托书", "Line without an order"),
        message: Text::new(
            "明细的委托单 {value} 不在任何委托书中",
            "the line's order {value} is in no repair order export",
        ),
        remedy: Text::new("请核对该单号或补导出委托书", "check the number or export the order"),
    },
    Meaning {
        code: Code::OrderWithoutLines,
        id: "order_without_lines",
        severity: Severity::Info,
        title: Text::new("委托书无明细", "Order without lines"),
        message: Text::new(
            "{value} 张未作废的委托书没有任何工时或用料明细",
            "{value} live orders have neither labour nor part lines",
        ),
        remedy: Text::new("请核对是否漏录", "check whether lines were left out"),
    },
    Meaning {
        code: Code::PartPriceMissing,
        id: "part_price_missing",
        severity: Severity::Warning,
        title: Text::new("配件无价", "Part without a price"),
        message: Text::new(
            "委托单 {value} 的配件 {arg0} 没有销售价，金额按未知处理",
            "order {value}: part {arg0} has no price; its amount is unknown",
        ),
        remedy: Text::new("请补录销售价", "enter the price"),
    },
    Meaning {
        code: Code::PartPriceZero,
        id: "part_price_zero",
        severity: Severity::Info,
        title: Text::new("配件价为零", "Part at price zero"),
        message: Text::new(
            "{count} 行配件的销售价为 0（首行委托单 {value}）",
            "{count} part lines are priced 0 (first on order {value})",
        ),
        remedy: Text::new("请核对是否赠送", "check whether they were given away"),
    },
    Meaning {
        code: Code::LaborAmountMissing,
        id: "labor_amount_missing",
        severity: Severity::Warning,
        title: Text::new("工时无金额", "Labour without an amount"),
        message: Text::new(
            "委托单 {value} 的工时没有金额，未计入应收",
            "order {value}: a labour line has no amount; nothing of it is due",
        ),
        remedy: Text::new(
            "请在系统中补录金额（免费的填 0），重新导出",
            "enter the amount (0 where it is free) and export again",
        ),
    },
    Meaning {
        code: Code::PayerUnknown,
        id: "payer_unknown",
        severity: Severity::Error,
        title: Text::new("付款方不明", "Payer not known"),
        message: Text::new(
            "委托单 {arg0} 的明细 {arg1} 元没有可识别的付款方（“{value}”），未计入任何一方的应收",
            "order {arg0}: a line of {arg1} yuan names no payer that is known (\"{value}\"); it is in nobody's due",
        ),
        remedy: Text::new(
            "请在系统中填写客户、三包、保险或内部，重新导出",
            "enter customer, warranty, insurance or internal and export again",
        ),
    },
    Meaning {
        code: Code::QuantityMissing,
        id: "quantity_missing",
        severity: Severity::Warning,
        title: Text::new("有金额无数量", "Amount without a quantity"),
        message: Text::new(
            "{value} 有 {count} 行填了金额 {arg0} 元但没有数量（首行如此）；金额照计，数量未计",
            "{value}: {count} rows have an amount ({arg0} yuan in the first) and no quantity; the amounts count, the quantities do not",
        ),
        remedy: Text::new("请在系统中补录数量，重新导出", "enter the quantities and export again"),
    },
    Meaning {
        code: Code::CostMissing,
        id: "cost_missing",
        severity: Severity::Warning,
        title: Text::new("精品缺少成本价", "Accessory without a cost"),
        message: Text::new(
            "{count} 笔精品进出到该笔为止没有写过成本价（首笔：{value}）：成本不明，按 0 计入，毛利偏高",
            "{count} movements are of accessories whose cost no row up to them tells (the first: {value}): it is not known and counts as 0, so profit is too high",
        ),
        remedy: Text::new("请在进销存中补上成本价后重新导出", "enter the cost in the register and export it again"),
    },
    Meaning {
        code: Code::SumTooLarge,
        id: "sum_too_large",
        severity: Severity::Error,
        title: Text::new("金额大到无法合计", "Too large to be summed"),
        message: Text::new(
            "“{arg0}”各行合计超出可以准确计算的范围（{arg1}），数值最大的行未计入：{value}",
            "the rows of \"{arg0}\" sum to more than can be counted exactly ({arg1}); the largest are left out: {value}",
        ),
        remedy: Text::new(
            "请核对该金额或数量，更正后重新导出",
            "check the amount or quantity, correct it and export again",
        ),
    },
    Meaning {
        code: Code::ControlTotalDiffers,
        id: "control_total_differs",
        severity: Severity::Error,
        title: Text::new("合计不符", "Total does not hold"),
        message: Text::new(
            "“{arg0}”列：各行合计 {arg1}，导出的合计行 {value}；可疑的行：{arg2}",
            "column \"{arg0}\": the rows sum to {arg1}, the export's own total says {value}; rows to look at: {arg2}",
        ),
        remedy: Text::new(
            "请重新导出；文件可能被改动或截断",
            "export again; the file may have been changed or cut off",
        ),
    },
    Meaning {
        code: Code::CashNotCounted,
        id: "cash_not_counted",
        severity: Severity::Warning,
        title: Text::new("现金未点", "Cash not counted"),
        message: Text::new(
            "{arg0} 收银员 {value} 收了现金，但没有交接记录",
            "{arg0}: cashier {value} took cash and there is no count",
        ),
        remedy: Text::new("请补交接记录", "add the cash count"),
    },
    Meaning {
        code: Code::NumberAmbiguous,
        id: "number_ambiguous",
        severity: Severity::Warning,
        title: Text::new("单号有歧义", "Number is ambiguous"),
        message: Text::new(
            "结算单或期初的单号 {value} 属于两张委托书，无法确定",
            "the order number {value} of a settlement or opening item belongs to two live orders",
        ),
        remedy: Text::new("请在系统中更正单号", "correct the number in the system"),
    },
    Meaning {
        code: Code::OpeningDoubled,
        id: "opening_doubled",
        severity: Severity::Error,
        title: Text::new("期初重复", "Opening item counted already"),
        message: Text::new(
            "期初 {value}（截止 {arg0}）已在导出中：{arg1}；为免重复，期初这一行未计入",
            "opening item {value} (as of {arg0}) is in the exports already: {arg1}; it is left out, or it would count twice",
        ),
        remedy: Text::new(
            "请核对：导出已含该单的，在期初表中把该行应收、已收改为 0 再放入 inbox；截止日期填错的，更正后再放入",
            "check it: where the exports have it, set due and received of the row to 0 and put the sheet into inbox again; where the balance date is wrong, correct it",
        ),
    },
    Meaning {
        code: Code::OpeningWithoutOrder,
        id: "opening_without_order",
        severity: Severity::Error,
        title: Text::new("期初应收无单号", "Opening due without an order"),
        message: Text::new(
            "期初应收 {arg0} 须写一个委托单号，现为“{value}”，该行未计入：没有单号，收款无法与它销号",
            "an opening due of {arg0} needs one order number, not \"{value}\"; the row is left out: no receipt could ever clear it",
        ),
        remedy: Text::new(
            "请填委托单号（几张单的应收请分行填写），再把文件放回 inbox",
            "fill in the order number (one row an order) and put the file back into inbox",
        ),
    },
    Meaning {
        code: Code::OpeningDatedLater,
        id: "opening_dated_later",
        severity: Severity::Warning,
        title: Text::new("期初日期晚于截止日期", "Opening item dated after its balance"),
        message: Text::new(
            "期初 {value} 的日期 {arg1} 晚于截止日期 {arg0}，按截止日期计",
            "opening item {value} is dated {arg1}, after its balance of {arg0}; it counts as of the balance",
        ),
        remedy: Text::new(
            "截止日期之后的业务由导出带入，请从期初表删去或更正日期",
            "what happened after the balance comes by the exports: take it out of the sheet, or correct the date",
        ),
    },
    Meaning {
        code: Code::InsurerLineUnknown,
        id: "insurer_line_unknown",
        severity: Severity::Warning,
        title: Text::new("回款明细的案件不存在", "Insurer's line of an unknown case"),
        message: Text::new(
            "保险公司回款明细的“{value}”在结算单中找不到，{arg0} 元未冲减任何应收",
            "no settlement bears \"{value}\", which an insurer's line names: its {arg0} yuan are counted for no case",
        ),
        remedy: Text::new("请核对报案号或委托单号，更正后重新导出", "check the case or order number and export again"),
    },
    Meaning {
        code: Code::AliasChanged,
        id: "alias_changed",
        severity: Severity::Warning,
        title: Text::new("列名含义已变", "Heading that means something else now"),
        message: Text::new(
            "“{value}”列各格都是金额，按旧含义读作“{arg0}”；该列名今指“{arg1}”",
            "the cells of column \"{value}\" are amounts: it is read by its former meaning, {arg0}; it means {arg1} now",
        ),
        remedy: Text::new(
            "请改用明确的列名，或在本店的 report_specs/sources 中写明该列",
            "give the column a heading that says what it is, or name it in the shop's own report_specs/sources",
        ),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_in_the_order_of_the_codes() {
        for (index, meaning) in MEANINGS.iter().enumerate() {
            assert_eq!(meaning.code as usize, index, "{}", meaning.id);
            assert_eq!(Code::from_id(meaning.id), Some(meaning.code));
        }
    }

    #[test]
    fn a_message_has_no_hole() {
        let finding = Finding::new(Code::NotAnAmount, "1,2O3.50").with("收款金额");
        assert_eq!(finding.message(Lang::Zh), "“收款金额”列的“1,2O3.50”不是金额，该行未计入");
        assert!(!Finding::new(Code::NotAnAmount, "x").message(Lang::En).contains('{'));
    }

    #[test]
    fn the_text_of_a_cell_stands_as_it_is() {
        let cell = "{count}{arg0}{value}{1}";
        let finding = Finding::new(Code::UnknownWord, cell).with("{arg1}").with("{value}");
        let told = finding.message(Lang::En);
        assert!(told.contains(cell) && told.contains("\"{arg1}\"") && told.ends_with("{value}"), "{told}");
    }
}
