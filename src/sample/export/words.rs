//! The words of the two systems for the same things. In every pair the first is system A's, the second system B's.

use crate::sample::books::{MoveKind, Outcome, VisitKind};
use crate::sample::events::{Job, Payer, Style, Tender, Terms};

/// One of a pair of words.
pub fn by<T>(style: Style, [a, b]: [T; 2]) -> T {
    match style {
        Style::A => a,
        Style::B => b,
    }
}

pub fn job(style: Style, job: Job) -> &'static str {
    by(
        style,
        match job {
            Job::FirstService => ["首保", "首次保养"],
            Job::Maintenance => ["保养", "常规保养"],
            Job::Repair => ["一般维修", "普通维修"],
            Job::Body => ["事故", "钣金喷漆"],
            Job::Warranty => ["三包", "三包维修"],
            Job::Comeback => ["返修", "内部返工"],
            Job::Internal => ["内部", "内部修理"],
            Job::Pdi => ["PDI", "PDI检查"],
            Job::Accessory => ["精品安装", "精品装潢"],
        },
    )
}

/// Whose account a line goes to.
pub fn account(style: Style, payer: Payer) -> &'static str {
    by(
        style,
        match payer {
            Payer::Customer => ["客户", "客户"],
            Payer::Warranty => ["三包", "索赔"],
            Payer::Insurance => ["保险", "保险"],
            Payer::Internal => ["内部", "内部"],
        },
    )
}

/// How system B names the class of a payer's row.
pub fn payer_class(payer: Payer) -> &'static str {
    match payer {
        Payer::Customer => "客户付费",
        Payer::Warranty => "OEM索赔",
        Payer::Insurance => "保险付费",
        Payer::Internal => "4S店付费",
    }
}

pub fn tender(style: Style, tender: Tender) -> &'static str {
    by(
        style,
        match tender {
            Tender::Cash => ["现金", "现金"],
            Tender::Card => ["POS", "刷卡"],
            Tender::Wechat => ["微信", "微信"],
            Tender::Alipay => ["支付宝", "支付宝"],
            Tender::Transfer => ["转账", "转账"],
        },
    )
}

pub fn terms(terms: Terms) -> &'static str {
    match terms {
        Terms::Immediate => "现结",
        Terms::OnAccount => "挂账",
    }
}

pub fn yes(yes: bool) -> &'static str {
    if yes { "是" } else { "否" }
}

/// How a customer of the showroom came.
pub fn visit(style: Style, kind: VisitKind) -> &'static str {
    by(
        style,
        match kind {
            VisitKind::First => ["首次来店", "首次到店"],
            VisitKind::Again => ["再次来店", "二次到店"],
            VisitKind::Call => ["来电", "电话咨询"],
        },
    )
}

/// What became of a visit.
pub fn outcome(style: Style, outcome: Outcome) -> &'static str {
    by(
        style,
        match outcome {
            Outcome::Won => ["成交", "已订车"],
            Outcome::Lost => ["战败", "流失"],
            Outcome::Open => ["跟进", "继续跟进"],
        },
    )
}

/// Why an accessory moved.
pub fn move_kind(style: Style, kind: MoveKind) -> &'static str {
    by(
        style,
        match kind {
            MoveKind::Opening => ["期初", "期初结存"],
            MoveKind::In => ["采购入库", "进货"],
            MoveKind::Sale => ["销售", "销售出库"],
            MoveKind::Gift => ["赠送", "赠品出库"],
            MoveKind::Use => ["领用", "内部领用"],
        },
    )
}
