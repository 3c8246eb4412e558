//! Invented people, cars, operations and parts that the generator draws from.

use super::events::Job;

pub const ADVISORS: [&str; 5] = ["贺知言", "罗启明", "苏晚晴", "钟毅", "方若兰"];
pub const CASHIERS: [&str; 2] = ["田雨", "秦岚"];
pub const SALESPEOPLE: [&str; 4] = ["严冬", "梅清", "高远", "陆萍"];
pub const MANAGERS: [&str; 2] = ["服务经理", "总经理"];

/// Teams with their technicians; the last one does body work.
pub const TEAMS: [(&str, [&str; 4]); 3] = [
    ("机修一班", ["石磊", "顾长风", "汪海", "卢俊"]),
    ("机修二班", ["侯亮", "白杨", "龙飞", "康健"]),
    ("钣喷班", ["常胜", "武强", "乔木", "季平"]),
];

pub const MODELS: [&str; 6] = ["云岭1.5T", "云岭2.0T", "远川2.0", "海棠1.4", "海棠EV", "长河7座"];
pub const SURNAMES: [&str; 16] =
    ["沈", "韩", "唐", "许", "傅", "程", "姜", "崔", "谭", "廖", "范", "汤", "尹", "黎", "易", "武"];
pub const GIVEN: [&str; 20] = [
    "子涵", "建国", "晓东", "雅琴", "志远", "文博", "秀兰", "佳怡", "春生", "海燕", "俊杰", "美玲", "立新", "思远",
    "桂英", "天佑", "若曦", "永康", "丹", "鹏",
];
pub const LENDERS: [&str; 3] = ["示例银行汽车金融中心", "示例汽车金融有限公司", "示例商业银行城东支行"];
pub const INSURERS: [&str; 3] = ["示例财产保险公司", "示例人保财险", "示例太平车险"];
pub const COMPANIES: [&str; 4] =
    ["示例物流有限公司", "示例建设工程有限公司", "示例出租汽车公司", "示例食品配送有限公司"];
pub const COUNTER_CUSTOMERS: [&str; 5] = ["零售客户", "城东修理厂", "诚信汽修", "老周快修", "网约车司机"];

/// A labour operation: code, name, hundredths of an hour.
pub type Operation = (&'static str, &'static str, i64);

pub const SERVICE_OPS: [Operation; 7] = [
    ("BY101", "常规保养", 80),
    ("BY102", "更换空调滤芯", 30),
    ("BY103", "更换空气滤芯", 20),
    ("BY104", "制动液更换", 70),
    ("BY105", "节气门清洗", 60),
    ("BY106", "轮胎换位动平衡", 90),
    ("BY107", "变速箱油更换", 150),
];
pub const REPAIR_OPS: [Operation; 7] = [
    ("WX201", "前刹车片更换", 110),
    ("WX202", "后减振器更换", 230),
    ("WX203", "蓄电池更换", 40),
    ("WX204", "冷却液泄漏检修", 180),
    ("WX205", "空调系统检修", 160),
    ("WX206", "发动机故障诊断", 120),
    ("WX207", "转向拉杆更换", 140),
];
pub const BODY_OPS: [Operation; 5] = [
    ("BP301", "前保险杠喷漆", 420),
    ("BP302", "左前门钣金", 360),
    ("BP303", "右后翼子板喷漆", 450),
    ("BP304", "大灯更换调整", 90),
    ("BP305", "机盖整形", 520),
];
/// A heavy accident: days of work and parts that cost as much as a small car.
pub const ACCIDENT_OPS: [Operation; 2] = [("BP306", "前部结构校正", 1_250), ("BP307", "全车喷漆", 2_400)];
pub const WARRANTY_OPS: [Operation; 4] = [
    ("SB401", "水泵更换(三包)", 240),
    ("SB402", "点火线圈更换(三包)", 70),
    ("SB403", "车机模块更换(三包)", 130),
    ("SB404", "控制单元软件升级", 50),
];
pub const OTHER_OPS: [Operation; 4] = [
    ("QT501", "返修检查", 50),
    ("QT502", "PDI交车前检查", 150),
    ("QT503", "内部车辆整备", 100),
    ("QT504", "精品加装", 120),
];

/// A part: number, name, category, cost and price in fen, hundredths of a piece or litre that one use takes.
pub type Part = (&'static str, &'static str, &'static str, i64, i64, i64);

pub const SERVICE_PARTS: [Part; 8] = [
    ("YL-10021", "机油滤芯", "备件", 1_636, 3_580, 100),
    ("YL-90405", "全合成机油", "油液", 3_125, 6_850, 450),
    ("YL-10388", "空气滤芯", "备件", 3_142, 7_260, 100),
    ("YL-10397", "空调滤芯", "备件", 3_980, 9_640, 100),
    ("YL-90511", "制动液", "油液", 2_215, 4_680, 100),
    ("YH-7001", "燃油宝", "养护品", 2_760, 8_800, 100),
    ("YH-7002", "发动机内清剂", "养护品", 4_415, 15_600, 100),
    ("YH-7003", "空调除味剂", "养护品", 3_170, 11_800, 100),
];
pub const REPAIR_PARTS: [Part; 7] = [
    ("YL-20115", "前刹车片", "备件", 18_420, 36_975, 100),
    ("YL-20307", "后减振器", "备件", 29_850, 56_425, 200),
    ("YL-30502", "蓄电池", "备件", 35_260, 59_890, 100),
    ("YL-40218", "水箱软管", "备件", 6_735, 13_865, 100),
    ("YL-50631", "空调压力开关", "备件", 8_445, 17_230, 100),
    ("YL-90622", "防冻液", "油液", 2_030, 4_175, 600),
    ("YL-20409", "转向拉杆", "备件", 11_920, 24_615, 100),
];
pub const BODY_PARTS: [Part; 4] = [
    ("YL-60101", "前保险杠皮", "备件", 43_570, 82_640, 100),
    ("YL-60214", "左前大灯", "备件", 86_200, 157_480, 100),
    ("YL-60308", "机盖", "备件", 92_315, 168_920, 100),
    ("YL-60977", "卡扣", "备件", 165, 520, 800),
];
pub const ACCIDENT_PARTS: [Part; 4] = [
    ("YL-60501", "安全气囊总成", "备件", 298_000, 486_000, 100),
    ("YL-60502", "前纵梁", "备件", 176_500, 298_600, 100),
    ("YL-60503", "散热器总成", "备件", 88_400, 152_300, 100),
    ("YL-60504", "前车门总成", "备件", 212_000, 368_000, 100),
];
pub const WARRANTY_PARTS: [Part; 3] = [
    ("YL-40105", "水泵", "备件", 31_480, 54_735, 100),
    ("YL-30217", "点火线圈", "备件", 13_240, 24_980, 100),
    ("YL-70333", "车机模块", "备件", 79_650, 132_860, 100),
];
pub const ACCESSORIES: [Part; 3] = [
    ("JP-801", "全车脚垫", "精品", 9_860, 26_800, 100),
    ("JP-802", "行车记录仪", "精品", 21_340, 46_900, 100),
    ("JP-803", "隔热膜", "精品", 78_125, 198_000, 100),
];

/// Accessories that are sold and fitted with a new car; the parts store has none of them.
pub const CAR_ACCESSORIES: [Part; 4] = [
    ("JP-811", "后备箱垫", "精品", 6_800, 16_800, 100),
    ("JP-812", "底盘装甲", "精品", 28_600, 88_000, 100),
    ("JP-813", "车窗晴雨挡", "精品", 4_250, 12_800, 100),
    ("JP-814", "全景影像", "精品", 138_000, 398_000, 100),
];
/// What is given with a new car.
pub const GIFTS: [Part; 3] = [
    ("JP-821", "车载香氛", "精品", 1_950, 5_800, 100),
    ("JP-822", "钥匙套", "精品", 1_180, 3_900, 100),
    ("JP-823", "遮阳挡", "精品", 2_360, 6_900, 100),
];

/// A part that lies on the shelf and hardly moves: pieces, days before the first day when it last came in and went out.
pub type SlowPart = (Part, i64, i64, Option<i64>);

pub const SLOW_PARTS: [SlowPart; 10] = [
    (("YL-81001", "老款节气门体", "备件", 41_800, 76_300, 100), 2, 690, Some(640)),
    (("YL-81002", "老款前大灯", "备件", 63_500, 118_900, 100), 1, 1_020, Some(880)),
    (("YL-81003", "化油器总成", "备件", 22_640, 41_250, 100), 2, 1_480, None),
    (("YL-81004", "后保险杠皮", "备件", 38_900, 74_600, 100), 1, 540, Some(470)),
    (("YL-81005", "ABS传感器", "备件", 12_780, 24_900, 100), 4, 455, Some(402)),
    (("YL-82001", "左后视镜总成", "备件", 35_200, 68_800, 100), 2, 330, Some(260)),
    (("YL-82002", "雨刮电机", "备件", 18_960, 36_500, 100), 3, 300, Some(236)),
    (("YL-82003", "车门锁块", "备件", 9_450, 19_800, 100), 5, 280, Some(205)),
    (("YL-82004", "冷凝器", "备件", 52_300, 98_700, 100), 1, 265, Some(190)),
    (("YL-82005", "油门踏板", "备件", 16_820, 32_600, 100), 2, 250, None),
];

/// How often each kind of job comes.
pub const JOB_SHARES: [(Job, i64); 9] = [
    (Job::Maintenance, 45),
    (Job::Repair, 22),
    (Job::Body, 11),
    (Job::Warranty, 8),
    (Job::FirstService, 5),
    (Job::Comeback, 3),
    (Job::Pdi, 2),
    (Job::Internal, 1),
    (Job::Accessory, 3),
];
