//! `hesuan init`: makes the folder of a new shop. Never overwrites.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::{Done, output};
use crate::model::lang::filled;
use crate::model::{Lang, Text};

/// Make the folder of a new shop
///
/// Writes DIR/hesuan.toml with every setting explained, DIR/inbox for the exports and DIR/report_specs
/// for specs of the shop's own. Nothing that exists is overwritten.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder to make
    dir: PathBuf,
    /// The store's code
    #[arg(long, default_value = "S01")]
    code: String,
    /// The store's name as reports show it (default: the folder's name)
    #[arg(long)]
    name: Option<String>,
    /// Language of the reports
    #[arg(long, default_value = "zh")]
    lang: Lang,
}

const MADE: Text = Text::new(
    "已建立 {0}\n  hesuan.toml    门店设置，请核对\n  inbox/         把系统导出的文件放在这里；年中开始的，再放一份期初未销表\n  report_specs/  本店自己的来源与报表定义（可不用）\n下一步：hesuan check {0}，再 hesuan run {0}\n",
    "Made {0}\n  hesuan.toml    the shop's settings, please check them\n  inbox/         put the exports here, and a sheet of opening items where the shop starts in mid-year\n  report_specs/  the shop's own sources and reports (may stay empty)\nNext: hesuan check {0}, then hesuan run {0}\n",
);

pub fn run(args: &Args) -> Done {
    let config = args.dir.join("hesuan.toml");
    if config.exists() {
        return Err(Failure::usage(
            format!("{} exists already", config.display()),
            "nothing was changed; choose another folder or edit that file",
        ));
    }
    let is_plain = |code: &str| !code.is_empty() && code.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
    if !is_plain(&args.code) {
        return Err(Failure::usage(format!("`{}` is no store code", args.code), "use letters and digits, e.g. S01"));
    }
    make(args).map_err(|error| Failure::disk(args.dir.display(), &error))?;
    output::print(&MADE.fill(args.lang, &[&args.dir.display().to_string()]))?;
    Ok(0)
}

fn make(args: &Args) -> io::Result<()> {
    fs::create_dir_all(args.dir.join("inbox"))?;
    fs::create_dir_all(args.dir.join("report_specs"))?;
    put(&args.dir.join("report_specs/README.md"), README)?;
    let name = args.name.clone().unwrap_or_else(|| own_name(&args.dir));
    // Last: a folder with a hesuan.toml is a whole shop.
    put(&args.dir.join("hesuan.toml"), &config(&args.code, &name, args.lang))
}

/// The folder's name, also of `.`.
fn own_name(dir: &Path) -> String {
    let whole = fs::canonicalize(dir).unwrap_or_else(|_| dir.to_path_buf());
    whole.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// Writes a file that does not exist yet; one that does stays as it is.
fn put(path: &Path, text: &str) -> io::Result<()> {
    match File::create_new(path) {
        Ok(mut file) => file.write_all(text.as_bytes()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

fn config(code: &str, name: &str, lang: Lang) -> String {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let lang = match lang {
        Lang::Zh => "zh",
        Lang::En => "en",
    };
    let (code, name) = (quoted(code), quoted(name));
    filled(CONFIG, |hole| match hole {
        "code" => Some(code.as_str()),
        "lang" => Some(lang),
        "name" => Some(name.as_str()),
        _ => None,
    })
}

const CONFIG: &str = r#"# 核算的门店设置 / settings of one shop

# 门店 / the shop
[store]
code = {code}                  # 门店代码 / its code
name = {name}
lang = "{lang}"                   # 报表语言 zh 或 en / language of the reports, zh or en

# 年中开始使用：把上一日的未销项目做成“期初未销”表放进 inbox，见 docs/opening-balances.md
# Starting in mid-year: put what is still open into inbox as a sheet of opening items, see docs/opening-balances.md

# 限额 / limits
[limits]
rounding_tolerance = "1.00"   # 抹零差上限（元）/ differences up to this are rounding, in yuan
discount_rate = "20%"         # 优惠权限，超过须审批 / a larger discount needs an approver
write_off = "5.00"            # 核销上限（元）/ the largest difference that may be written off, in yuan

# 关账：这些异常须先处理或接受，不写取默认 / what a month is not closed over while nobody has decided on it
#[close]
#severe = ["unknown_order", "duplicate_receipt", "cash_over", "cash_short", "car_not_in_shop"]

# 工作日历：收单入账按工作日计 / working days, by which acquirers settle
#[calendar]
#weekend = ["sat", "sun"]                     # 周末 / days of the week off
#holidays = ["2026-10-01", "2026-10-02"]      # 法定节假日 / public holidays
#workdays = ["2026-10-10"]                    # 调休上班日 / days worked in their stead

# 收单 / acquirers of card, WeChat and Alipay payments
#[acquirer]
#fee_rates = { wechat = "0.6%", alipay = "0.6%", card = "0.55%" }   # 费率，不写的渠道不核手续费 / a channel left out has no fee check
#days = 2                      # 几个工作日内到账 / working days within which they settle

# 三包 / the maker's warranty
#[warranty]
#pay_days = 30                 # 批准后几天内付款 / days from the decision to the payment
#old_part_days = 30            # 批准后几天内返旧件 / days from the decision to the old part's return

# 预收款归属 / whom a deposit belongs to
#[deposits]
#owner = "vehicle"             # vehicle 车辆（无车牌按付款人）或 customer 客户 / the plate, or the payer

# 应收期限 / how long others may take to pay
#[debts]
#loan_days = 30                # 交车后几天内放款 / days from the delivery of the car to the lender's payment
#insurer_days = 60             # 结算后几天内保险付款 / days from the settlement to the insurer's payment

# 保险公司、贷款机构的简称 / short names of insurers and lenders
#[aliases]
#"人保" = "中国人保财险"

# 车间 / the workshop
[workshop]
bays = 0                      # 维修工位数，0 = 不知道 / bays, 0 = not known
hours_per_day = 9             # 每日营业小时 / hours open a day
#closed = ["sun"]             # 每周休息日 / days of the week on which it is closed

# 报表口径，见 docs/settings.md；不写即为通常值 / what figures rest on; the usual values hold unless set
#[settings]
#churn_window = "12 months"    # 多久未来店为流失 / lost after so long without a visit
#satisfaction_by = "share"     # 满意度按满意份额 / satisfaction as a share

# 应到的导出 / exports that must arrive
# 不写本节时，核算从以往的导出中学习哪些每天都来；写了就以此为准，缺一份即退出码 3。
# Without this section hesuan learns from the past which exports come every day;
# with it this list counts, and one that is missing gives exit code 3.
#[expected]
#daily = ["repair_orders", "labor_lines", "part_lines", "settlements", "receipts", "cash_counts", "parts_sales"]

# 表示空的词，见 report_specs/blanks.toml；本店另有的写在这里 / words for an empty cell; the shop's own go here
#[blanks]
#words = ["待补"]

# 备份：每次运行把日志和处理决定抄到这里，关账和 hesuan backup 时连同整个账册；归档文件请另行备份
# backup: every run copies the log and the decisions there, a close and `hesuan backup` the whole ledger too; the files of
# ledger/archive are for the backup of the machine
#[backup]
#folder = "../backup-S01"

# 读取限制：超过的文件不读，列入数据问题 / reading limits: a larger file is not read but reported
[reader]
file_mb = 200                 # 单个文件 / one file
unpacked_mb = 1024            # 解压后 / once unpacked
cells = 20000000              # 单元格数 / cells
memory_mb = 4096              # 读取进程的内存 / memory of the reading process
seconds_per_file = 60         # 每个文件的时间 / time for one file

# 运行 / runs
#[run]
#settle = 2                   # 刚改动过的文件等几秒再读，0 为不等 / seconds to wait for files that have just changed; 0: never
#catch_up = 31                # 没有做成的日期补做多少天以内的 / days back within which dates that were never made are made

# 谁能读取：台账与归档只有本用户；报表按 reports/ 文件夹的权限，新建时同组可读 / who may read: ledger and archive this user alone;
# reports as the folder reports/ says, a new one for its group
#[files]
#ledger = "0600"
#reports = "0640"
"#;

const README: &str = "\
# 本店自己的定义 / specs of this shop

可以不放任何文件：内置的来源、表、规则、指标和报表已经够用。
这里的 TOML 文件补充内置定义；与内置文件同路径同名的，代替它。

    sources/    导出怎样认、怎样读    how an export is recognised and read
    tables/     本店另有的登记表      registers of the shop's own
    rules/      两表怎样核对          how two tables are matched
    figures/    指标口径              key figures
    reports/    daily/ weekly/ monthly/ 报表

This folder may stay empty. A TOML file adds to the built-in specs, or replaces the built-in one of the same path
and name. `hesuan check SHOP` says which file, line and word is wrong, and which words are valid.
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::shop::Shop;
    use crate::read::Limits;

    #[test]
    fn the_written_settings_are_valid_and_the_usual_ones() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("S01");
        let name = "\"华东\" 一店\\";
        make(&Args { dir: dir.clone(), code: "S07".into(), name: Some(name.into()), lang: Lang::En }).unwrap();
        let config = Shop::load(&dir).unwrap().config;
        assert_eq!((config.code.as_str(), config.name, config.lang), ("S07", name.to_owned(), Lang::En));
        assert_eq!(config.reader, Limits::default());
        assert_eq!(config.expected_daily, None);
        assert_eq!(config.settings.limits.discount_rate_x10000, 2000);
    }

    #[test]
    fn the_commented_sections_are_valid_too() {
        // A comment says something after a blank; a setting that is only put aside follows its mark at once.
        let open = |line: &str| match line.strip_prefix('#') {
            Some(rest) if rest.starts_with(|c: char| c == '[' || c.is_ascii_lowercase()) => format!("{rest}\n"),
            _ => format!("{line}\n"),
        };
        let text: String = config("S01", "x", Lang::Zh).lines().map(open).collect();
        let file = crate::spec::SpecFile { name: "hesuan.toml".into(), text, of_shop: true };
        let specs = crate::cli::shop::built_in().unwrap();
        let built_in = crate::spec::SpecFiles::new(Vec::new());
        let named = crate::spec::named::Named::load(&built_in).unwrap();
        let config = crate::config::Config::parse(&file, &specs.tables.ids(), named).unwrap();
        assert_eq!(config.expected_daily.map(|ids| ids.len()), Some(7));
        assert_eq!((config.settings.acquirer.fee_rates_micro.len(), config.settings.calendar.holidays.len()), (3, 2));
        assert_eq!(config.settings.warranty, crate::reconcile::WarrantyTerms::default());
    }
}
