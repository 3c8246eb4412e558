//! The words beside headings: units of money, of work, of counts; currencies; tax.

/// Yuan: nothing to do.
pub const YUAN: [&str; 14] = [
    "元",
    "人民币",
    "人民币元",
    "元人民币",
    "人民币(元)",
    "RMB",
    "CNY",
    "RMB元",
    "¥",
    "￥",
    "圆",
    "本位币",
    "本币",
    "YUAN",
];

/// Other units of the yuan, in fen.
pub const OF_FEN: [(&str, i128); 18] = [
    ("分", 1),
    ("人民币分", 1),
    ("FEN", 1),
    ("角", 10),
    ("百元", 10_000),
    ("千元", 100_000),
    ("千元人民币", 100_000),
    ("人民币千元", 100_000),
    ("万元", 1_000_000),
    ("万", 1_000_000),
    ("万元人民币", 1_000_000),
    ("人民币万元", 1_000_000),
    ("十万元", 10_000_000),
    ("百万元", 100_000_000),
    ("百万", 100_000_000),
    ("千万元", 1_000_000_000),
    ("亿元", 10_000_000_000),
    ("亿", 10_000_000_000),
];

/// Lengths of work, in seconds.
pub const OF_SECONDS: [(&str, i128); 12] = [
    ("小时", 3600),
    ("时", 3600),
    ("H", 3600),
    ("HOUR", 3600),
    ("HOURS", 3600),
    ("工时", 3600),
    ("分钟", 60),
    ("分", 60),
    ("MIN", 60),
    ("MINUTES", 60),
    ("秒", 1),
    ("S", 1),
];

/// Counts and kilometres by the thousand and more.
pub const OF_ONE: [(&str, i128); 9] = [
    ("万公里", 10_000),
    ("万KM", 10_000),
    ("万", 10_000),
    ("万件", 10_000),
    ("万个", 10_000),
    ("千件", 1000),
    ("千个", 1000),
    ("百件", 100),
    ("百个", 100),
];

pub const WITH_TAX: [&str; 7] = ["含税", "价税合计", "含税价", "含增值税", "含税金额", "含税总额", "TAXINCLUDED"];
pub const WITHOUT_TAX: [&str; 13] = [
    "不含税",
    "未税",
    "除税",
    "税前",
    "去税",
    "不含增值税",
    "未含税",
    "裸价",
    "不含税价",
    "不含税金额",
    "无税",
    "TAXEXCLUDED",
    "EXTAX",
];

/// Money that is no yuan.
pub const CURRENCIES: [&str; 49] = [
    "美元",
    "美金",
    "USD",
    "US$",
    "$",
    "万美元",
    "千美元",
    "港币",
    "港元",
    "HKD",
    "HK$",
    "欧元",
    "EUR",
    "€",
    "日元",
    "日圆",
    "JPY",
    "英镑",
    "GBP",
    "£",
    "澳门元",
    "澳门币",
    "MOP",
    "新台币",
    "台币",
    "TWD",
    "NT$",
    "韩元",
    "韩币",
    "KRW",
    "₩",
    "卢布",
    "RUB",
    "新加坡元",
    "SGD",
    "加元",
    "加拿大元",
    "CAD",
    "澳元",
    "AUD",
    "瑞士法郎",
    "CHF",
    "泰铢",
    "THB",
    "外币",
    "原币",
    "越南盾",
    "VND",
    "USDT",
];

/// What no amount, hour or kilometre is counted in.
pub const NO_MONEY: [&str; 8] = ["%", "百分比", "折", "折扣率", "比例", "积分", "‰", "比率"];
pub const NO_HOURS: [&str; 4] = ["天", "日", "人天", "工日"];
pub const NO_KILOMETRES: [&str; 5] = ["英里", "MILE", "MILES", "MI", "米"];

/// Words beside a name of money that say nothing about its unit.
pub const HARMLESS: [&str; 22] = [
    "必填",
    "选填",
    "可空",
    "非必填",
    "必录",
    "必填项",
    "+元",
    "-元",
    "单位元",
    "小写",
    "数字",
    "数值",
    "精确到分",
    "保留两位小数",
    "两位小数",
    "2位小数",
    "只填数字",
    "自动",
    "自动计算",
    "公式",
    "金额",
    "合计",
];

/// Headings of a column that says in which money its row is.
pub const CURRENCY_COLUMNS: [&str; 13] = [
    "币种",
    "币别",
    "币制",
    "货币",
    "货币种类",
    "货币单位",
    "货币代码",
    "货币类型",
    "结算币种",
    "交易币种",
    "金额单位",
    "CURRENCY",
    "CCY",
];
