//! Writes a simulated shop as a folder: its configuration, its inbox and the list of what was planted.

use super::events::{Planted, Shop};
use super::{SampleError, export};
use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

use chrono::NaiveDate;

/// Writes one shop. Returns everything planted in it, the defects of files included.
pub fn write(dir: &Path, shop: &Shop) -> Result<Vec<Planted>, SampleError> {
    refuse_existing(dir)?;
    let inbox = dir.join("inbox");
    fs::create_dir_all(&inbox).map_err(|source| SampleError::io(&inbox, source))?;
    put(&dir.join("hesuan.toml"), config(shop).as_bytes())?;
    let mut names = Vec::new();
    let made = night_after(shop.end);
    export::files(shop, |file| {
        put_dated(&inbox.join(&file.name), &file.bytes()?, made)?;
        names.push(file.name);
        Ok::<_, SampleError>(())
    })?;
    let mut planted = shop.planted.clone();
    planted.extend(export::defects::planted(shop, &names));
    planted.sort_by(|one, other| (one.date, one.kind, &one.order_no).cmp(&(other.date, other.kind, &other.order_no)));
    put(&dir.join("planted.csv"), planted_csv(shop, &planted).as_bytes())?;
    Ok(planted)
}

/// Writes the file that makes a group of several shop folders.
pub fn write_group(dir: &Path, codes: &[String]) -> Result<(), SampleError> {
    let codes: Vec<String> = codes.iter().map(|code| format!("\"{code}\"")).collect();
    let text = format!(
        "# 集团：所属门店的文件夹 / group: the folders of its shops\n\
         [group]\nname = \"示例汽车集团\"\nlang = \"zh\"\nshops = [{}]\n",
        codes.join(", ")
    );
    put(&dir.join("hesuan-group.toml"), text.as_bytes())
}

/// A sample is never written over a shop that is there already.
pub fn refuse_existing(dir: &Path) -> Result<(), SampleError> {
    let taken = ["hesuan.toml", "hesuan-group.toml", "inbox"].into_iter().map(|name| dir.join(name));
    match taken.into_iter().find(|path| path.exists()) {
        Some(path) => Err(SampleError::Exists(path)),
        None => Ok(()),
    }
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), SampleError> {
    fs::write(path, bytes).map_err(|source| SampleError::io(path, source))
}

/// As if it had been written then: a run need not wait for a file that nobody is writing any more.
fn put_dated(path: &Path, bytes: &[u8], made: SystemTime) -> Result<(), SampleError> {
    put(path, bytes)?;
    let dated = File::options().write(true).open(path).and_then(|file| file.set_modified(made));
    dated.map_err(|source| SampleError::io(path, source))
}

/// The end of a day in China.
fn night_after(day: NaiveDate) -> SystemTime {
    let seconds = day.signed_duration_since(NaiveDate::default()).num_seconds();
    SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(seconds).unwrap_or(0) + 16 * 3600)
}

fn config(shop: &Shop) -> String {
    format!(
        r#"# 门店 / the shop
[store]
code = "{}"            # 门店代码 / its code
name = "{}"
lang = "zh"             # 报表语言 zh 或 en / language of the reports

# 限额 / limits
[limits]
rounding_tolerance = "1.00"   # 抹零差上限（元）/ differences up to this are rounding, in yuan
discount_rate = "20%"         # 优惠权限 / a larger discount needs an approver
write_off = "5.00"            # 核销上限（元）/ the largest difference that may be written off, in yuan

# 收单机构：约定费率、几个工作日内到账 / acquirers: agreed rates, working days until settled
[acquirer]
fee_rates = {{ wechat = "0.6%", alipay = "0.6%", card = "0.55%" }}
days = 2

# 工作日历、三包、预收款：不写即为通常值 / calendar, warranty, deposits: the usual ones unless set
#[calendar]
#holidays = ["2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07"]
#workdays = ["2026-10-10"]
#[warranty]
#pay_days = 30
#old_part_days = 30
#[deposits]
#owner = "vehicle"

# 车间 / the workshop
[workshop]
bays = 12                     # 维修工位 / bays
hours_per_day = 9             # 每日营业小时 / hours open a day

# 应到的导出文件 / exports that must arrive
[expected]
# 每日 / every day
daily = ["repair_orders", "labor_lines", "part_lines", "settlements", "receipts", "cash_counts", "parts_sales"]
"#,
        shop.code, shop.name
    )
}

/// UTF-8 with a byte order mark, so that Excel reads it as it is.
fn planted_csv(shop: &Shop, planted: &[Planted]) -> String {
    let mut text = String::from("\u{FEFF}kind,order_no,receipt_no,amount_fen,date,note\r\n");
    for one in planted {
        let receipt = one.receipt.map_or("", |at| shop.receipts[at].number.as_str());
        let line = [one.kind, &one.order_no, receipt, &one.amount.0.to_string(), &one.date.to_string(), &one.note]
            .map(quoted)
            .join(",");
        text.push_str(&line);
        text.push_str("\r\n");
    }
    text
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_string() }
}
