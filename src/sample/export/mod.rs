//! Writes what happened as the files that two dealer systems would export.
//!
//! Every heading is a constant of the module named and stands in the list below; the first of a pair is system A's
//! (shops S01, S03 …), the second system B's (S02, S04 …). `D` is yyyymmdd, `M` is yyyymm. "Late" is the second half
//! of the simulated days.
//!
//! | export | module | A: file and shape | B: file and shape |
//! |---|---|---|---|
//! | repair orders | `orders` | 维修委托书_D.xls: HTML, headings with a trailing nbsp; late, every fourth day grouped by 服务顾问 with rowspan | 工单查询_D.xlsx: one title row |
//! | labour lines | `lines::LABOUR` | 工时明细_D.xlsx; late, every second day 工时明细_D.csv, UTF-8 with mark | 维修工时_D.csv: GB18030, thousands separated |
//! | part lines | `lines::PARTS` | 用料明细_D.xlsx | 维修发料_D.xlsx |
//! | settlements | `settlements` | 结算单_D.xlsx: title, 导出时间, 合计; late by turns 结算单_D.ods, and xlsx grouped by 服务顾问 with merged cells, 小计 and repeated headings | 维修结算_D.xls: BIFF8, three title rows (导出日期, 导出人), a blank row, 合计, **one row per payer** |
//! | receipts | `cashier::RECEIPTS` | 收银流水_D.csv: GB18030, thousands separated, blanks behind some order numbers; late, every third day UTF-16LE, tabs, ="…" | 收款记录_D.xlsx with 合计 |
//! | counted cash | `cashier::COUNTS` | 收银交接_D.csv: UTF-8 | 现金盘点_D.csv: UTF-8 with mark |
//! | counter sales | `cashier::SALES_A`, `SALES_B` | 配件销售单_D.xls: BIFF8 with 合计 | 配件零售_D.xlsx with 合计 |
//! | vouchers | `monthly` | 代金券_M.xlsx | 代金券台账_M.xlsx |
//! | appointments | `monthly` | 预约记录_M.xlsx | 预约台账_M.xlsx |
//! | attendance | `monthly` | 考勤工时_M.xlsx | 技师出勤_M.xlsx |
//! | claims, upload system | `monthly` | 索赔单_M.xlsx, 三包系统_M.xlsx: title, 导出时间 | 保修索赔_M.xlsx, 厂家索赔系统_M.xlsx, the same |
//! | calls | `care` | 回访记录_D.xlsx, D the Sunday: title, 导出时间 | 客户回访_D.xlsx |
//! | complaints | `care` | 投诉记录_M.xlsx | 投诉台账_M.xlsx |
//! | targets | `targets` | targets.xlsx | targets.xlsx |
//! | card acquirer | `bills` | POS对账单_D.xlsx: date and time of day apart, digits only, 合计 | 银联商务对账单_D.xlsx with 合计 |
//! | WeChat, Alipay | `bills` | the bills that both really give: backticks and a summary below; GB18030 with lines of comment | the same |
//! | VAT invoices | `invoices` | 数电发票_M.xlsx | 发票查询导出结果_M.xlsx: order and voided number in the remark |
//! | invoices of cars | `invoices` | 机动车发票_M.xlsx | 机动车销售统一发票_M.xlsx |
//! | contracts | `invoices` | 汽车销售台账_M.xlsx; all of them every day 汽车销售台账_D.csv: GB18030, thousands separated | 整车销售合同_M.xlsx; 整车销售合同_D.csv: UTF-8 with mark |
//! | maker's payments | `store` | 厂家索赔付款对账单_M.xlsx: a title, no line numbers, 合计 | 厂家索赔结算_M.xlsx |
//! | parts stock | `store` | 配件库存_D.xlsx, the day before the first and every month's end | 备件结存_D.xlsx |
//! | parts bought | `store` | 配件入库_M.xlsx | 采购到货_M.xlsx |
//! | scrap | `store` | 报废登记_M.xlsx | 废品处理_M.xlsx |
//! | parts asked for | `store::REQUESTS` | 领料需求_D.csv: UTF-8 with mark | 维修领料申请_D.csv: UTF-16LE, tabs |
//! | shelves counted | `store::COUNTS` | 配件盘点_M.xlsx | 库存盘点_M.xlsx |
//! | customers' files | `files` | 客户车辆档案_D.xlsx, the day before the first and every month's end | 车主档案_D.xlsx |
//! | cars in stock | `showroom::CARS` | 商品车库存_D.csv: GB18030, thousands separated; the day before the first too | 整车库存_D.xlsx: a title, 合计 |
//! | showroom visits | `showroom::VISITS` | 展厅客流_D.csv: UTF-8 with mark | 展厅接待_D.csv: GB18030 |
//! | accessory movements | `showroom::MOVES` | 精品进销存_D.csv: UTF-8; opening stock as of the day before the first | 精品流水_D.csv: UTF-8 with mark |
//! | registers | `registers` | 工具台账_M.xlsx, 培训记录_M.xlsx, 质检记录_M.xlsx, 钥匙领用登记_M.xlsx, 现金日记账_M.xlsx | 工具设备登记_M.xlsx, 培训计划_M.xlsx, 检验记录_M.xlsx, 钥匙登记_M.xlsx, 银行现金日记账_M.xlsx |
//!
//! Text exports print moments by turns as `2026-10-05 08:30:12`, `2026-10-05 08:30` and `2026/10/5 8:30`; workbooks
//! have date cells. The words of both systems are in `words`. An order comes again in the export of every day on which
//! its state changes; line exports hold a line once. What was settled before the first day, the last visits of cars that
//! stay away, stands in one export of orders, lines, settlements and receipts of the day before it.
//!
//! The headings, in the order in which they are written (a test holds this list to the constants):
//!
//! - repair orders, A: 委托单号 进厂时间 竣工时间 预计交车 车牌号 车架号 车型 行驶里程 客户名称 联系电话 服务顾问 班组 维修类型 预约单号 返修原单 工单状态
//! - repair orders, B: 工单号 开单时间 完工日期 预交车时间 牌照号 底盘号 车系 进厂里程 送修人 手机 服务顾问 维修班组 业务种类 预约号 原工单号 状态
//! - labour lines, A: 委托单号 行号 工时代码 项目名称 维修技师 班组 帐套 标准工时 实际工时 工时单价金额 优惠 工时费
//! - labour lines, B: 工单号 序号 工时代码 工时名称 技师 维修班组 收费区分 标准工时 实际工时 应收工时费 优惠金额 实收工时费
//! - part lines, A: 委托单号 行号 配件编号 配件名称 类别 帐套 数量 成本价 销售价 优惠 金额 领料技师 出库时间
//! - part lines, B: 工单号 序号 配件代码 名称 材料属性 收费区分 数量 成本单价 单价 折扣金额 收费金额 领料人 发料时间
//! - settlements, A: 结算单号 委托单号 结算时间 车牌号 客户名称 服务顾问 工时费 材料费 外加工费 优惠金额 免单金额 代金券 抹零 客户应付 三包金额 保险金额 内部金额 结算方式 审批人 单据类型 原结算单号 保险公司 报案号
//! - settlements, B: 结算单号 业务单号 结算日期 牌照号 收费对象 付费类别 服务顾问 工时费 材料费 外加工费 优惠金额 减免金额 代金券 去零 应收金额 结算方式 审核人 结算类型 原结算单号 客户名称 承保公司 理赔案号
//! - receipts, A: 收据号 收款时间 收银员 业务单号 结算单号 车牌号 付款人 收款方式 收款金额 流水号 款项类型 备注
//! - receipts, B: 收款编号 收款日期 收款人 业务单号 结算单号 牌照号 交款人 付款方式 金额 交易流水号 收款类型 备注
//! - counted cash, A: 日期 收银员 收款方式 实点金额 接收人
//! - counted cash, B: 盘点日期 收款人 付款方式 盘点金额 交接人
//! - counter sales, A: 销售单号 销售时间 客户 配件编号 配件名称 类别 数量 成本价 单价 金额
//! - counter sales, B: 配件销售单号 序号 销售日期 客户名称 配件代码 名称 材料属性 数量 成本单价 单价 销售金额
//! - vouchers, A: 券号 面额 发放日期 车牌号 使用委托单号 使用时间 到期日
//! - vouchers, B: 代金券号 面值 发券日期 牌照号 使用工单号 核销时间 有效期至
//! - appointments, A: 预约单号 预约时间 车牌号 客户名称 是否到店 委托单号 主动预约
//! - appointments, B: 预约号 预约到店时间 牌照号 客户 到店 工单号 主动
//! - attendance, A: 日期 技师 班组 出勤工时
//! - attendance, B: 出勤日期 技师姓名 维修班组 出勤时数
//! - claims and upload system, A: 索赔单号 申报单位 委托单号 车架号 工时费 材料费 索赔金额 申报日期 退回次数 状态 审批日期 批准金额 付款日期 付款金额 旧件编号 旧件返回日期
//! - claims and upload system, B: 索赔编号 网点 工单号 底盘号 索赔工时费 索赔材料费 索赔合计 提报日期 驳回次数 索赔状态 审核日期 审核金额 回款日期 回款金额 旧件号 旧件返厂日期
//! - calls, A: 委托单号 回访日期 车牌号 客户名称 是否接通 接待评分 维修质量评分 配件价格评分 等待时间评分 结算评分 清洁评分 总体评分 客户意见
//! - calls, B: 工单号 回访时间 牌照号 客户 接通 接待 维修质量 价格 等待 结算 清洁 总体 意见
//! - complaints, A: 投诉单号 委托单号 投诉日期 责任部门 投诉内容 责任人 要求完成日期 关闭日期 处理结果 二次回访满意
//! - complaints, B: 投诉编号 工单号 接单时间 责任部门 摘要 责任员工 承诺时间 结案日期 处理状态 回访满意
//! - targets, A and B: 月份 指标 范围 目标值
//! - card acquirer, A: 终端号 交易日期 交易时间 参考号 卡号 交易类型 交易金额 手续费 入账金额 清算日期
//! - card acquirer, B: 商户订单号 交易时间 卡号 交易类型 交易金额 商户手续费 结算金额 结算日期
//! - VAT invoices, A: 数电票号码 发票票种 开票日期 购买方名称 购方税号 金额 税额 价税合计 发票状态 被红冲蓝字数电票号码 委托单号
//! - VAT invoices, B: 序号 发票代码 发票号码 数电票号码 购方识别号 购买方名称 开票日期 金额 税额 价税合计 发票票种 发票状态 备注
//! - invoices of cars, A: 发票代码 发票号码 开票日期 购买方名称 车辆类型 厂牌型号 车辆识别代号/车架号码 价税合计 不含税价 税额 发票状态
//! - invoices of cars, B: 发票代码 发票号码 开票日期 购方名称 车辆类型 厂牌型号 车架号 价税合计 不含税金额 税额 发票状态
//! - contracts, A: 合同号 订单日期 客户名称 车型 车架号 销售顾问 指导价 销售价 成本 定金 精品收入 保险收入 金融收入 精品金额 保险费 购置税 上牌费 服务费 置换抵扣金额 合同总额 贷款金额 贷款机构 交车日期 发票号码 状态
//! - contracts, B: 合同编号 签订日期 客户 车型 底盘号 销售顾问 指导价 成交价 车辆成本 订金 装潢收入 保险手续费 按揭手续费 装潢费 代收保险费 车辆购置税 牌照费 其他费用 旧车抵价 应收总额 按揭金额 按揭银行 实际交车日期 发票号 合同状态
//! - maker's payments, A: 对账单号 索赔单号 批准金额 付款金额 付款日期 备注
//! - maker's payments, B: 结算单批次 序号 索赔编号 核准金额 支付金额 支付日期 备注
//! - parts stock, A: 库存日期 配件编号 配件名称 类别 库存数量 成本价 最近入库日期 最近出库日期
//! - parts stock, B: 结存日期 配件代码 名称 材料属性 结存数量 成本单价 最后入库日期 最后出库日期
//! - parts bought, A: 入库单号 行号 配件编号 订货日期 订货数量 入库日期 入库数量 进价
//! - parts bought, B: 采购单号 序号 配件代码 采购日期 采购数量 到货日期 到货数量 采购单价
//! - scrap, A: 报废单号 报废日期 类别 配件编号 物品 数量 单位 金额 收购方
//! - scrap, B: 处理单号 处理日期 类型 配件代码 品名 数量 单位 出售金额 收购单位
//! - parts asked for, A: 委托单号 配件编号 需求时间 需求数量 即时满足数量
//! - parts asked for, B: 工单号 配件代码 申请时间 申请数量 当场发料数量
//! - shelves counted, A: 盘点日期 配件编号 配件名称 账面数量 实盘数量
//! - shelves counted, B: 盘点日期 配件代码 名称 账存数量 实存数量
//! - customers' files, A: 车架号 车牌号 客户名称 联系电话 车型 购车日期 上次保养日期 上次保养里程 下次保养日期 会员 保险到期日
//! - customers' files, B: 底盘号 牌照号 车主 手机 车系 销售日期 最近保养日期 最近保养里程 预计下次保养日期 是否会员 保险截止日期
//! - cars in stock, A: 库存日期 车架号 车型 入库日期 成本 存放位置
//! - cars in stock, B: 统计日期 底盘号 车系 到店日期 车辆成本 库位
//! - showroom visits, A: 客流编号 来店时间 客户名称 来店方式 销售顾问 是否录入系统 结果 战败原因
//! - showroom visits, B: 接待编号 接待时间 客户 客流类型 接待顾问 DMS录入 接待结果 未成交原因
//! - accessory movements, A: 单号 日期 精品编号 精品名称 类别 数量 成本价 单价 金额
//! - accessory movements, B: 精品单号 业务日期 精品代码 名称 业务类型 数量 成本单价 售价 金额
//! - tools, A: 登记号 工具编号 工具名称 登记类型 登记日期 经办人 应完成日期 完成日期 完好
//! - tools, B: 借用单号 设备编号 设备名称 业务类型 借用日期 借用人 应还日期 归还日期 是否完好
//! - training, A: 课程编号 课程名称 姓名 部门 认证级别 计划日期 学时 培训日期 出勤 成绩 是否通过 证书编号 有效期至
//! - training, B: 培训编号 培训项目 员工姓名 部门 岗位资格 计划培训日期 学时 实际培训日期 是否出勤 考核成绩 是否达成 证书号 证书有效期
//! - inspections, A: 检验单号 委托单号 检验时间 检验人 主修技师 检验级别 检验项目 检验次数 是否合格 不合格项 处理措施
//! - inspections, B: 质检单号 工单号 质检时间 质检员 维修技师 检验类型 项目 次数 合格 问题描述 处理
//! - keys, A: 领取单号 物品名称 车架号 钥匙编号 数量 领取人 用途 领取时间 应还日期 归还时间
//! - keys, B: 领用单号 领用物品 VIN 钥匙号 数量 领用人 事由 领用时间 应还日期 归还日期
//! - journals, A: 账户 流水号 日期 摘要 对方单位 借方金额 贷方金额 余额
//! - journals, B: 账户名称 记账序号 记账日期 摘要 往来单位 收入金额 支出金额 结余

mod bills;
mod care;
mod cashier;
mod cell;
mod daily;
pub mod defects;
mod delimited;
mod files;
mod form;
mod html;
mod invoices;
mod lines;
mod monthly;
mod number;
mod ods;
mod orders;
mod registers;
mod settlements;
mod showroom;
mod store;
mod targets;
mod words;
mod xls;
mod xlsx;

use super::events::{Shop, Style};
use super::simulate::months::months;
use cell::Sheet;

pub use cell::{Cell, Grid};
pub use form::{Content, File, Form};

/// Hands over every file of a shop's inbox, one after the other.
pub fn files<E>(shop: &Shop, mut take: impl FnMut(File) -> Result<(), E>) -> Result<(), E> {
    let orders = orders::by_day(shop);
    for (index, day) in (0..).zip(shop.days()) {
        let of_day = orders.get(&day).map_or(&[][..], Vec::as_slice);
        let files = daily::files(shop, index, day, of_day);
        for file in defects::files(shop, day, &files) {
            take(file)?;
        }
        files.into_iter().try_for_each(&mut take)?;
        bills::files(shop, day).into_iter().try_for_each(&mut take)?;
    }
    let before = shop.start.pred_opt().and_then(|day| orders.get(&day)).map_or(&[][..], Vec::as_slice);
    daily::opening(shop, before).into_iter().try_for_each(&mut take)?;
    registers(shop).into_iter().try_for_each(&mut take)
}

/// The weekly and monthly exports.
fn registers(shop: &Shop) -> Vec<File> {
    let mut files = vec![workbook(targets::FILE.to_string(), &targets::sheet(shop))];
    for month in months(shop) {
        let sheets = [
            (monthly::VOUCHERS_FILE, monthly::vouchers(shop, month)),
            (monthly::APPOINTMENTS_FILE, monthly::appointments(shop, month)),
            (monthly::ATTENDANCE_FILE, monthly::attendance(shop, month)),
            (monthly::CLAIMS_FILE, monthly::claims(shop, &shop.claims, month, "三包索赔单")),
            (monthly::PORTAL_FILE, monthly::claims(shop, &shop.portal, month, "三包索赔上传系统")),
            (care::COMPLAINTS_FILE, care::complaints(shop, month)),
            (invoices::VAT_FILE, invoices::vat(shop, month)),
            (invoices::CAR_FILE, invoices::cars(shop, month)),
            (invoices::CONTRACTS_FILE, invoices::contracts(shop, month)),
            (store::PURCHASES_FILE, store::purchases(shop, month)),
            (store::SCRAP_FILE, store::scrap(shop, month)),
            (store::PAYMENTS_FILE, store::payments(shop, month)),
            (store::COUNTS_FILE, store::counts(shop, month)),
        ];
        for (names, sheet) in sheets {
            let name = format!("{}_{}.xlsx", words::by(shop.style, names), month.first.format("%Y%m"));
            files.push(workbook(name, &sheet));
        }
        for (names, sheet) in registers::all(shop, month) {
            let name = format!("{}_{}.xlsx", words::by(shop.style, names), month.first.format("%Y%m"));
            files.push(workbook(name, &sheet));
        }
    }
    for week in care::weeks(shop) {
        let name = format!("{}_{}.xlsx", words::by(shop.style, care::CALLBACKS_FILE), week.last.format("%Y%m%d"));
        files.push(workbook(name, &care::callbacks(shop, week)));
    }
    for day in store::stock_days(shop) {
        let name = format!("{}_{}.xlsx", words::by(shop.style, store::STOCK_FILE), day.format("%Y%m%d"));
        files.push(workbook(name, &store::stock(shop, day)));
    }
    for day in files::days(shop) {
        let name = format!("{}_{}.xlsx", words::by(shop.style, files::FILE), day.format("%Y%m%d"));
        files.push(workbook(name, &files::sheet(shop, day)));
    }
    files
}

fn workbook(name: String, sheet: &Sheet) -> File {
    File::of(name, sheet.plain(), Form::Xlsx)
}

/// True for the system that varies its shapes in the second half of the days.
fn varies(shop: &Shop, index: i64) -> bool {
    shop.style == Style::A && index >= ((shop.end - shop.start).num_days() + 1) / 2
}

#[cfg(test)]
mod tests {
    use super::{
        bills, care, cashier, files, invoices, lines, monthly, orders, registers, settlements, showroom, store, targets,
    };

    /// Whoever writes a source spec reads the list above: it must say what is written.
    #[test]
    fn the_list_of_headings_is_true() {
        let pairs = [
            orders::HEADINGS.map(|one| one.join(" ")),
            lines::LABOUR.map(|one| one.join(" ")),
            lines::PARTS.map(|one| one.join(" ")),
            [settlements::HEADINGS_A.join(" "), settlements::HEADINGS_B.join(" ")],
            cashier::RECEIPTS.map(|one| one.join(" ")),
            cashier::COUNTS.map(|one| one.join(" ")),
            [cashier::SALES_A.join(" "), cashier::SALES_B.join(" ")],
            [monthly::VOUCHERS_A.join(" "), monthly::VOUCHERS_B.join(" ")],
            monthly::APPOINTMENTS.map(|one| one.join(" ")),
            monthly::ATTENDANCE.map(|one| one.join(" ")),
            monthly::CLAIMS.map(|one| one.join(" ")),
            care::CALLBACKS.map(|one| one.join(" ")),
            care::COMPLAINTS.map(|one| one.join(" ")),
            [targets::HEADINGS.join(" "), targets::HEADINGS.join(" ")],
            [bills::CARD_A.join(" "), bills::CARD_B.join(" ")],
            [invoices::VAT_A.join(" "), invoices::VAT_B.join(" ")],
            invoices::CAR.map(|one| one.join(" ")),
            invoices::CONTRACTS.map(|one| one.join(" ")),
            [store::PAYMENTS_A.join(" "), store::PAYMENTS_B.join(" ")],
            [store::STOCK_A.join(" "), store::STOCK_B.join(" ")],
            store::PURCHASES.map(|one| one.join(" ")),
            store::SCRAP.map(|one| one.join(" ")),
            store::REQUESTS.map(|one| one.join(" ")),
            store::COUNTS.map(|one| one.join(" ")),
            files::HEADINGS.map(|one| one.join(" ")),
            showroom::CARS.map(|one| one.join(" ")),
            showroom::VISITS.map(|one| one.join(" ")),
            showroom::MOVES.map(|one| one.join(" ")),
            registers::TOOLS.map(|one| one.join(" ")),
            registers::TRAINING.map(|one| one.join(" ")),
            registers::INSPECTIONS.map(|one| one.join(" ")),
            registers::KEYS.map(|one| one.join(" ")),
            registers::JOURNAL.map(|one| one.join(" ")),
        ];
        let page = include_str!("mod.rs");
        for headings in pairs.iter().flatten() {
            assert!(page.contains(&format!(": {headings}\n")), "{headings}");
        }
    }
}
