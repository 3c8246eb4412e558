//! Statements of others, in the shapes in which they really come: acquirers, invoices, the maker, the parts store.
//! Every amount is read, nothing is taken for data that is none, and what the file itself sums must hold.

use std::fs;

use hesuan::clean::{self, Export};
use hesuan::ledger::ReadingSpecs;
use hesuan::model::Value;
use hesuan::read::{Limits, read_file};
use hesuan::spec::SpecFiles;

/// A file, read and cleaned by the built-in specs.
struct Read {
    specs: ReadingSpecs,
    export: Export,
}

fn read(name: &str, bytes: &[u8]) -> Read {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let specs = ReadingSpecs::load(&SpecFiles::new(Vec::new())).unwrap();
    let export = clean::clean(&specs.sources, &specs.tables, name, read_file(&path, &Limits::default()));
    Read { specs, export }
}

fn gb18030(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

impl Read {
    #[track_caller]
    fn is(&self, source: &str) -> &Read {
        let found: Vec<&str> = self.export.sheets.iter().map(|s| self.specs.sources[s.source].id.as_str()).collect();
        assert_eq!(found, [source], "{:#?}", self.export.findings);
        self
    }

    /// Nothing was said about it but what is named, and nothing was rejected.
    #[track_caller]
    fn says(&self, codes: &[&str]) -> &Read {
        let said: Vec<&str> = self.export.findings.iter().map(|f| f.code.id()).collect();
        assert_eq!(said, codes, "{:#?}", self.export.findings);
        let tables = self.export.sheets.iter().flat_map(|s| &s.tables);
        assert_eq!(tables.map(|t| t.rows_rejected).sum::<u64>(), 0);
        self
    }

    /// The rows of one table: its columns in order, `-` where empty, amounts in fen.
    fn rows(&self, table: &str) -> Vec<String> {
        let table = self.specs.tables.index(table).unwrap();
        let tables = self.export.sheets.iter().flat_map(|s| &s.tables).filter(|t| t.table == table);
        let shown = |value: &Value| match value {
            Value::Null => "-".to_owned(),
            Value::Text(text) => text.clone(),
            Value::Int(number) => number.to_string(),
            Value::Date(date) => date.to_string(),
            Value::Time(time) => time.to_string(),
        };
        let row = |values: &Vec<Value>| values.iter().map(shown).collect::<Vec<_>>().join(" | ");
        tables.flat_map(|t| t.rows.iter().map(|r| row(&r.values))).collect()
    }

    /// The file's own sums: heading, what the rows give, what the file says.
    fn sums(&self) -> Vec<(String, i64, i64)> {
        let controls = self.export.sheets.iter().flat_map(|s| &s.controls);
        controls.map(|c| (c.heading.clone(), c.sum_fen, c.total_fen)).collect()
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Acquirers.

const WECHAT: &str = "\
交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\r
`2026-10-05 09:12:31,`wx8d0000000000a001,`1900012345,`0,`,`4200002100202610051000000001,`700000000001,`oUx0001,`NATIVE,`SUCCESS,`OTHERS,`CNY,`1200.00,`0.00,`0,`0,`0.00,`0.00,`,`,`维修费,`,`7.20000,`0.60%,`1200.00,`0.00,`\r
`2026-10-05 10:02:00,`wx8d0000000000a001,`1900012345,`0,`,`4200002100202610051000000002,`700000000002,`oUx0002,`MICROPAY,`SUCCESS,`ICBC_DEBIT,`CNY,`100.00,`0.00,`0,`0,`0.00,`0.00,`,`,`维修费,`,`0.60000,`0.60%,`100.00,`0.00,`\r
`2026-10-05 16:40:09,`wx8d0000000000a001,`1900012345,`0,`,`4200002100202610051000000002,`700000000002,`oUx0002,`MICROPAY,`REFUND,`ICBC_DEBIT,`CNY,`0.00,`0.00,`50000002102026100500001,`800000000001,`40.00,`0.00,`ORIGINAL,`SUCCESS,`维修费,`,`-0.24000,`0.60%,`0.00,`40.00,`\r
总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r
`3,`1300.00,`40.00,`0.00,`7.56000,`1300.00,`40.00\r
";

#[test]
fn a_wechat_bill() {
    let file = read("1900012345All2026-10-05_2026-10-05.csv", WECHAT.as_bytes());
    file.is("acquirer_wechat").says(&[]);
    assert_eq!(file.export.date.unwrap().to_string(), "2026-10-05");
    let rows = [
        "700000000001 | 2026-10-05 09:12:31 | - | wechat | 120000 | 720 | -",
        "700000000002 | 2026-10-05 10:02:00 | - | wechat | 10000 | 60 | -",
        "800000000001 | 2026-10-05 16:40:09 | - | wechat | -4000 | -24 | -",
    ];
    assert_eq!(file.rows("acquirer_lines"), rows);
    let sum = |heading: &str, fen| (heading.to_owned(), fen, fen);
    let sums = [sum("应结订单总金额", 130_000), sum("退款总金额", 4_000), sum("手续费总金额", 756)];
    assert_eq!(file.sums(), sums);
}

#[test]
fn a_wechat_bill_that_does_not_add_up_fails_its_control() {
    let wrong = WECHAT.replace("`3,`1300.00,", "`3,`1310.00,");
    let file = read("1900012345All2026-10-05_2026-10-05.csv", wrong.as_bytes());
    file.is("acquirer_wechat").says(&["control_total_differs"]);
    assert_eq!(file.sums()[0], ("应结订单总金额".to_owned(), 130_000, 131_000));
}

/// The bill of payments only, and the older bill: fewer columns, other words, refunds with a minus.
#[test]
fn other_shapes_of_the_wechat_bill() {
    let success = "\
交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,商品名称,商户数据包,手续费,费率,订单金额,费率备注
`2026-10-05 19:10:56,`wx1,`1900012345,`0,`,`42000004,`1572779286073FBW,`o1,`NATIVE,`SUCCESS,`CFT,`CNY,`0.01,`0.00,`收费,`,`0.00000,`0.60%,`0.01,`
总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额
`1,`0.01,`0.00,`0.00,`0.00000,`0.01,`0.00
";
    let file = read("bill_20261005.csv", success.as_bytes());
    file.is("acquirer_wechat").says(&[]);
    assert_eq!(file.rows("acquirer_lines"), ["1572779286073FBW | 2026-10-05 19:10:56 | - | wechat | 1 | 0 | -"]);
    let older = "\
交易时间,公众账号ID,商户号,子商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,总金额,企业红包金额,微信退款单号,商户退款单号,退款金额,企业红包退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率
`2026-10-05 18:13:12,`wx3,`15105980,`0,`,`42000001,`201808201,`oD,`NATIVE,`REFUND,`CFT,`CNY,`0.00,`0.00,`5000001,`0,`-0.50,`0.00,`ORIGINAL,`SUCCESS,`测试,`,`0.00000,`1.00%
总交易单数,总交易额,总退款金额,总企业红包退款金额,手续费总金额
`1,`0.00,`-0.50,`0.00,`0.00000
";
    let file = read("bill_20261005.csv", older.as_bytes());
    file.is("acquirer_wechat").says(&[]);
    assert_eq!(file.rows("acquirer_lines"), ["5000001 | 2026-10-05 18:13:12 | - | wechat | -50 | 0 | -"]);
    assert_eq!(file.sums()[0], ("总退款金额".to_owned(), -50, -50));
}

#[test]
fn the_wechat_account_is_a_register_of_its_own() {
    let text = "\
记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号
`2026-10-05 09:12:31,`4200001,`9001,`交易,`交易,`收入,`1200.00,`1200.00,`system,`结算总金额1200.00元;含手续费7.20元,`4200001
`2026-10-05 09:12:31,`4200001,`9002,`扣除交易手续费,`扣除交易手续费,`支出,`7.20,`1192.80,`system,`结算,`4200001
资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额
`2,`1,`1200.00,`1,`7.20
";
    let file = read("1900012345资金账单20261005.csv", text.as_bytes());
    file.is("acquirer_wechat_fund").says(&[]);
    let rows = [
        "9001 | 2026-10-05 09:12:31 | wechat | 交易 | 4200001 | 120000 | 120000 | 结算总金额1200.00元;含手续费7.20元",
        "9002 | 2026-10-05 09:12:31 | wechat | 扣除交易手续费 | 4200001 | -720 | 119280 | 结算",
    ];
    assert_eq!(file.rows("acquirer_moves"), rows);
    assert_eq!(file.rows("acquirer_lines"), [""; 0]);
}

#[test]
fn an_alipay_bill() {
    let text = "\
#支付宝业务明细查询\r
#账号：[20881234567890120156]\r
#起始日期：[2026年10月05日 00:00:00]   终止日期：[2026年10月06日 00:00:00]\r
#-----------------------------------------业务明细列表----------------------------------------\r
支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注\r
2026100522001400000000000001\t,600000000001\t,交易\t,维修费,2026-10-05 09:06:14,2026-10-05 09:06:20,\t,\t,\t,\t,*三(137****2600)\t,358.00,358.00,0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,\t,-2.15,0.00,\r
2026100522001400000000000001\t,600000000001\t,退款\t,维修费,2026-10-05 11:00:00,2026-10-05 11:00:02,\t,\t,\t,\t,*三(137****2600)\t,-58.00,-58.00,0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,600000000009\t,0.35,0.00,\r
#-----------------------------------------业务明细列表结束------------------------------------\r
#交易合计：1笔，商家实收共358.00元，商家优惠共0.00元\r
#退款合计：1笔，商家实收退款共-58.00元，商家优惠退款共0.00元\r
#导出时间：[2026年10月06日 08:30:10]\r
";
    let file = read("20881234567890120156_20261005_业务明细.csv", &gb18030(text));
    file.is("acquirer_alipay").says(&[]);
    assert_eq!(file.export.date.unwrap().to_string(), "2026-10-05");
    assert_eq!(file.export.made_at.unwrap().to_string(), "2026-10-06 08:30:10");
    let rows = [
        "600000000001 | 2026-10-05 09:06:20 | - | alipay | 35800 | 215 | -",
        "600000000009 | 2026-10-05 11:00:02 | - | alipay | -5800 | -35 | -",
    ];
    assert_eq!(file.rows("acquirer_lines"), rows);
}

#[test]
fn the_alipay_account() {
    let text = "\
#支付宝账务明细查询\r
#账号：[20881234567890120156]\r
#起始日期：[2026年10月01日 00:00:00]   终止日期：[2026年11月01日 00:00:00]\r
#-----------------------------------------账务明细列表----------------------------------------\r
账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注\r
100000000001\t,2026100522001\t,600000000001\t,维修费\t,2026-10-05 09:06:20,a***@example.com\t,358.00,0.00,1358.00,支付宝\t,在线支付\t,\t\r
100000000002\t,2026100522001\t,600000000001\t,维修费\t,2026-10-05 09:06:20,\t,0.00,-2.15,1355.85,支付宝\t,收费\t,支付宝服务费\t\r
100000000003\t,2026100522001\t,600000000001\t,维修费\t,2026-10-06 11:00:02,a***@example.com\t,0.00,-58.00,1297.85,支付宝\t,退款\t,\t\r
100000000004\t,20261007\t,\t,\t,2026-10-07 02:00:00,\t, ,-1000.00,297.85,支付宝\t,提现\t,\t\r
#-----------------------------------------账务明细列表结束------------------------------------\r
#支出合计：3笔，共-1060.15元\r
#收入合计：1笔，共358.00元\r
#导出时间：[2026年11月01日 09:12:15]\r
";
    let file = read("20881234567890120156_202610_账务明细.csv", &gb18030(text));
    file.is("acquirer_alipay_account").says(&[]);
    assert_eq!(file.export.date.unwrap().to_string(), "2026-10-31");
    let lines = [
        "600000000001 | 2026-10-05 09:06:20 | - | alipay | 35800 | - | -",
        "100000000003 | 2026-10-06 11:00:02 | - | alipay | -5800 | - | -",
    ];
    assert_eq!(file.rows("acquirer_lines"), lines);
    let moves = file.rows("acquirer_moves");
    assert_eq!(moves.len(), 4);
    assert_eq!(moves[3], "100000000004 | 2026-10-07 02:00:00 | alipay | 提现 | 20261007 | -100000 | 29785 | -");
    let sums = [("支出合计".to_owned(), -106_015, -106_015), ("收入合计".to_owned(), 35_800, 35_800)];
    assert_eq!(file.sums(), sums);
}

/// Date and time of day in columns of their own, digits only, as terminals print them.
#[test]
fn a_card_statement() {
    let text = "\
商户对账单,,,,,,,,,
商户编号：898330000000001,,,结算日期：20261006,,,,,,
终端号,交易日期,交易时间,参考号,卡号,交易类型,交易金额,手续费,入账金额,清算日期
01234567,20261005,101523,500000000001,622202******1234,消费,1000.00,5.50,994.50,20261006
01234567,20261005,83001,500000000002,622848******8888,消费,\"2,580.00\",14.19,\"2,565.81\",20261006
01234567,20261005,171500,500000000003,622848******8888,退货,80.00,0.44,79.56,20261006
合计,,,,,,3660.00,20.13,3639.87,
";
    let file = read("POS对账单_20261005.csv", text.as_bytes());
    file.is("acquirer_pos").says(&[]);
    let rows = [
        "500000000001 | 2026-10-05 10:15:23 | 2026-10-06 | card | 100000 | 550 | 99450",
        "500000000002 | 2026-10-05 08:30:01 | 2026-10-06 | card | 258000 | 1419 | 256581",
        "500000000003 | 2026-10-05 17:15:00 | 2026-10-06 | card | -8000 | -44 | -7956",
    ];
    assert_eq!(file.rows("acquirer_lines"), rows);
    assert_eq!(file.sums().len(), 3);
}

#[test]
fn a_statement_of_all_channels_tells_them_apart() {
    let text = "\
交易时间,商户订单号,支付方式,交易金额,商户手续费,结算金额,结算日期
2026-10-05 10:15:23,500000000001,微信支付,100.00,0.60,99.40,2026-10-06
2026-10-05 10:16:23,500000000002,支付宝,100.00,0.60,99.40,2026-10-06
2026-10-05 10:17:23,500000000003,借记卡,100.00,0.55,99.45,2026-10-06
";
    let file = read("银联商务_20261005.csv", text.as_bytes());
    let rows = file.is("acquirer_pos").says(&[]).rows("acquirer_lines");
    let channels: Vec<&str> = rows.iter().map(|row| row.split(" | ").nth(3).unwrap()).collect();
    assert_eq!(channels, ["wechat", "alipay", "card"]);
}

// ---------------------------------------------------------------------------------------------------------------------
// Invoices, the maker, contracts, parts.

#[test]
fn invoices_of_the_tax_platform_and_of_the_old_system() {
    let text = "\
序号,发票代码,发票号码,数电票号码,销方识别号,销方名称,购方识别号,购买方名称,开票日期,金额,税额,价税合计,发票来源,发票票种,发票状态,是否正数发票,开票人,备注
1,,,26332000000000000012,91330000000000000X,示例汽车,91330000000000001X,示例物流有限公司,2026-10-05 10:20:11,884.96,115.04,1000.00,电子发票服务平台,数电票（增值税专用发票）,已红冲-全额,是,田雨,维修费W20261005001
2,,,26332000000000000013,91330000000000000X,示例汽车,91330000000000001X,示例物流有限公司,2026-10-06 09:00:00,-884.96,-115.04,-1000.00,电子发票服务平台,数电票（增值税专用发票）,正常,否,田雨,被红冲蓝字数电票号码：26332000000000000012 红字发票信息确认单编号：3300002610
3,033002200211,12345678,,91330000000000000X,示例汽车,,张三,2026-10-06 10:00:00,100.00,13.00,113.00,增值税发票管理系统,增值税普通发票,已作废,是,田雨,工单 W20261006002 保养
";
    let file = read("发票查询导出结果_20261031.csv", text.as_bytes());
    file.is("invoices_vat").says(&[]);
    let rows = [
        "26332000000000000012 | 数电票（增值税专用发票） | 2026-10-05 | 示例物流有限公司 | W20261005001 | - | 88496 | 11504 | 100000 | - | normal",
        "26332000000000000013 | 数电票（增值税专用发票） | 2026-10-06 | 示例物流有限公司 | - | - | -88496 | -11504 | -100000 | 26332000000000000012 | normal",
        "12345678 | 增值税普通发票 | 2026-10-06 | 张三 | W20261006002 | - | 10000 | 1300 | 11300 | - | void",
    ];
    assert_eq!(file.rows("invoices"), rows);
}

#[test]
fn invoices_of_cars_go_by_the_vin() {
    let text = "\
发票代码,发票号码,开票日期,购买方名称,身份证号码/组织机构代码,车辆类型,厂牌型号,产地,合格证号,发动机号码,车辆识别代号/车架号码,价税合计,不含税价,税额,发票状态
133002600111,00281001,2026-10-12,张三,330***********001X,小型轿车,云岭1.5T,杭州,WZX01234567,A1234567,LZXAB12C40PA000001,129800.00,114867.26,14932.74,正常
";
    let file = read("机动车发票_202610.csv", text.as_bytes());
    let rows = file.is("invoices_vehicle").says(&[]).rows("invoices");
    let row = "00281001 | 机动车销售统一发票 | 2026-10-12 | 张三 | - | LZXAB12C40PA000001 | 11486726 | 1493274 | 12980000 | - | normal";
    assert_eq!(rows, [row]);
}

#[test]
fn the_makers_payments_are_numbered_within_a_statement() {
    let text = "\
对账单号,索赔单号,申报日期,索赔金额,核准金额,付款金额,付款日期,备注
DZ20261015,SB20260910001,2026-09-10,313.80,313.80,313.80,2026-10-15,
DZ20261015,SB20260911002,2026-09-11,500.00,500.00,450.00,2026-10-15,工时核减
DZ20261025,SB20260911002,2026-09-11,500.00,500.00,50.00,2026-10-25,补付
合计,,,,1313.80,813.80,,
";
    let file = read("厂家索赔付款对账单_202610.csv", text.as_bytes());
    file.is("maker_payments").says(&[]);
    let rows = [
        "DZ20261015 | 1 | SB20260910001 | 2026-10-15 | 31380 | 31380 | -",
        "DZ20261015 | 2 | SB20260911002 | 2026-10-15 | 50000 | 45000 | 工时核减",
        "DZ20261025 | 1 | SB20260911002 | 2026-10-25 | 50000 | 5000 | 补付",
    ];
    assert_eq!(file.rows("maker_payments"), rows);
    assert!(file.sums().contains(&("付款金额".to_owned(), 81_380, 81_380)));
}

#[test]
fn contracts_and_the_parts_store() {
    let contracts = "\
合同号,订单日期,客户名称,车型,车架号,销售顾问,指导价,销售价,定金,交车日期,发票号码,状态
HT20261003001,2026-10-03,张三,云岭1.5T,LZXAB12C40PA000001,李四,135800,129800,5000,2026-10-12,00281001,已交车
";
    let rows =
        read("汽车销售台账_202610.csv", contracts.as_bytes()).is("vehicle_sales").says(&[]).rows("vehicle_sales");
    let row = "HT20261003001 | LZXAB12C40PA000001 | 云岭1.5T | 张三 | 李四 | 2026-10-03 | 2026-10-12 | 13580000 | 12980000 \
               | - | - | - | - | - | - | - | - | - | - | 500000 | - | - | - | 00281001 | 已交车 | -";
    assert_eq!(rows, [row]);
    let stock = "\
库存日期,配件编号,配件名称,类别,库存数量,成本价,库位
2026-10-31,YL-10021,机油滤芯,备件,42,16.36,A-01
";
    let rows = read("配件库存_20261031.csv", stock.as_bytes()).is("parts_stock").says(&[]).rows("parts_stock");
    assert_eq!(rows, ["2026-10-31 | YL-10021 | 机油滤芯 | part | 42000000 | 16360000 | - | - | A-01"]);
    let receipts = "\
入库单号,配件编号,配件名称,订货日期,订货数量,入库日期,入库数量,进价
CG20261005,YL-10021,机油滤芯,2026-10-05,40,2026-10-07,40,16.36
CG20261005,YL-90405,全合成机油,2026-10-05,60,,,31.25
";
    let rows = read("配件入库_202610.csv", receipts.as_bytes()).is("parts_receipts").says(&[]).rows("parts_receipts");
    assert_eq!(rows[0], "CG20261005 | 1 | YL-10021 | 2026-10-05 | 40000000 | 2026-10-07 | 40000000 | 16360000");
    assert_eq!(rows[1], "CG20261005 | 2 | YL-90405 | 2026-10-05 | 60000000 | - | - | 31250000");
    let scrap = "\
报废单号,报废日期,类别,配件编号,物品,数量,单位,单价,金额,收购方
BF20261020001,2026-10-20,配件报废,YL-90511,制动液,2,瓶,,,
FY20261031001,2026-10-31,废油,,废机油,120.5,千克,2.10,253.05,示例再生资源
";
    let rows = read("报废登记_202610.csv", scrap.as_bytes()).is("parts_scrap").says(&[]).rows("parts_scrap");
    assert_eq!(rows[0], "BF20261020001 | 2026-10-20 | 配件报废 | YL-90511 | 2000000 | 瓶 | - | - | -");
    assert!(rows[1].starts_with("FY20261031001 | 2026-10-31 | 废油 | 废机油 | 120500000 | 千克 | 2100000 | 25305 |"));
    let counts = "\
盘点日期,配件编号,配件名称,账面数量,实盘数量,差异
2026-10-31,YL-10021,机油滤芯,42,41,-1
";
    let rows = read("配件盘点_20261031.csv", counts.as_bytes()).is("parts_counts").says(&[]).rows("parts_counts");
    assert_eq!(rows, ["2026-10-31 | YL-10021 | 42000000 | 41000000"]);
}
