using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Benchmarks.Nation;

/// <summary>Names and words of the made-up country: invented places, work and figures, never persons.</summary>
internal static class NationWords
{
    private const string First = "青云白石松荷桐枫梅竹兰杏柳桂霞鹿鹤雁泉月禾茶";
    private const string Second = "溪坪岭湾塘坳滩洲桥垄源畈冲墩岗禾";

    private static readonly string[] Offices = ["机关", "中心小学", "初级中学", "卫生院", "派出所", "司法所", "供电所", "自然资源所", "财税所", "农技站", "敬老院", "水管站"];
    private static readonly string[] Trades = ["机械", "食品", "建材", "纺织", "电子", "物流", "农业", "茶业", "竹木", "环保", "包装", "家具"];

    private static readonly string[] Measures =
    [
        "组织各支部逐项对照标准开展自查，建立问题台账，明确责任到岗、时限到周。", "召开规范化建设推进会，逐支部研究整改办法，现场交办薄弱事项。",
        "集中更新党务公开栏和制度牌，统一标识样式，规范上墙内容。", "分片开展现场指导，对新成立的支部一对一帮带，补齐台账和记录。",
        "完成一批活动场所修缮验收，补齐桌椅、书柜和标识，恢复正常使用。", "规范三会一课记录和党费收缴台账，抽查上季度记录并逐条反馈。",
        "统筹闲置校舍和旧办公用房改建活动室，两处已进场施工，预计下月完工。", "开展支部互学互评，组织支部书记到先进支部观摩，以先进带后进。",
    ];

    private static readonly string[] Problems =
    [
        "部分支部活动场所面积不足，改扩建资金尚有缺口，用地手续仍在办理。", "个别场所与其他用房混用，标识不够规范，日常管护责任不够明确。",
        "公开栏内容更新不够及时，个别支部仍停留在上季度。", "少数支部会议记录不完整，台账归档滞后，补记现象仍然存在。",
        "雨季施工进度放缓，个别项目未能按期完工，需顺延至下月。", "企业支部场地依赖租用，使用期限不稳定，影响长期投入。",
        "学习资料配备不齐，活动室使用率偏低，开放时间不固定。", "老旧场所消防和用电条件需要改造，相关费用尚未落实。",
    ];

    private static readonly string[] Steps =
    [
        "倒排工期，每周调度未达标项目，对进度滞后的支部发函提醒。", "对未完成支部实行一支部一方案，整改一项销号一项，确保按期达标。",
        "组织现场观摩，推广成熟做法，把样板支部的台账印发各支部参照。", "协调整合闲置资产，优先解决场所问题，争取年内全部投入使用。",
        "开展台账集中检查，巩固软件建设成果，防止边建边松。", "对已达标支部开展回头看，防止反弹，结果纳入季度考核。",
    ];

    private static readonly string[] Matters =
    [
        "请协调解决部分村级活动场所建设用地手续。", "建议统一公开栏和标识样式，便于各支部制作。", "请协调安排活动场所维修补助资金。", "建议组织一次业务培训，统一达标口径。",
    ];

    private static readonly string[] Practices =
    [
        "推行“一张清单、一周一调度”，问题当周清零，进度上墙公示。", "相邻支部共建共用活动场所，节省建设资金，提高使用率。",
        "用闲置校舍改建党员活动中心，兼作便民服务点，群众随到随办。", "制作台账样本册，新任务随到随学，减少返工。",
        "建立片区互查机制，每月交叉检查一次，结果互认。", "把公开栏搬到广场，群众随时可看可问。",
    ];

    public static string Township(NationShape shape, ulong chance) => Place(Dice.Of(chance, 30)) + shape.Suffix;

    public static string Branch(NationBranch branch, NationTownship township) => branch.Kind.Name switch
    {
        "village" => Place(branch.Chance) + "村党支部",
        "community" => Place(branch.Chance) + "社区党支部",
        "enterprise" => Place(branch.Chance) + Trades[Dice.Below(branch.Chance, Trades.Length)] + "公司党支部",
        _ => township.Name + Offices[Dice.Below(branch.Chance, Offices.Length)] + "党支部",
    };

    /// <summary>Some three hundred characters in all.</summary>
    public static Narrative Narrative(NationFigures figures, ulong chance) => new()
    {
        Progress = $"本月累计阵地达标支部{figures.HardwareComplete}个，应建{figures.HardwareBase}个，软件建设达标{figures.SoftwareComplete}个。" + Some(Measures, 3, Dice.Of(chance, 1)),
        Problems = (figures.ItemsLeft > 0 ? $"阵地建设还有{figures.ItemsLeft}项未达标。" : "个别场所日常使用和管护有待加强。") + Some(Problems, 2, Dice.Of(chance, 2)),
        NextSteps = Some(Steps, 2, Dice.Of(chance, 3)),
        MattersToCoordinate = Dice.Below(Dice.Of(chance, 4), 10) < 4 ? Some(Matters, 1, Dice.Of(chance, 5)) : "",
        GoodPractices = Dice.Below(Dice.Of(chance, 6), 10) < 5 ? Some(Practices, 1, Dice.Of(chance, 7)) : "",
    };

    public static SignOff SignOff(NationShape shape, Period period) => new()
    {
        PreparedByPost = "组织委员",
        PreparedOn = HubTime.Day(period.Plus(1).FirstDay),
        ApprovedByPost = shape.IsTown ? "党委书记" : "党工委书记",
        ApprovedOn = HubTime.Day(period.Plus(1).FirstDay),
    };

    private static string Place(ulong drawn) => $"{First[Dice.Below(Dice.Of(drawn, 31), First.Length)]}{Second[Dice.Below(Dice.Of(drawn, 32), Second.Length)]}";

    // Neighbours in the list, so that none stands twice.
    private static string Some(string[] sentences, int count, ulong drawn)
    {
        var from = Dice.Below(drawn, sentences.Length);
        return string.Concat(Enumerable.Range(from, count).Select(i => sentences[i % sentences.Length]));
    }
}
