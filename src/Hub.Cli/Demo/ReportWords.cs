using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Cli.Demo;

/// <summary>What a township's words of the month rest on.</summary>
internal sealed record HardwareFigures(int Base, int Complete, int NewlyComplete, int ItemsLeft);

/// <summary>The written part of a made-up report: about work and figures, never about persons; posts sign, not names.</summary>
internal static class ReportWords
{
    private static readonly string[] Measures =
    [
        "组织支部逐项对照标准自查，建立问题台账。", "召开推进会，逐支部明确整改时限。", "集中更新党务公开栏和制度牌。",
        "分片开展现场指导，当场交办薄弱事项。", "完成活动场所修缮验收，补齐桌椅和标识。", "规范会议记录和党费收缴台账。",
        "统筹闲置校舍改建活动室，已进场施工。", "开展支部互学互评，以先进带后进。",
    ];

    private static readonly string[] Problems =
    [
        "部分支部活动场所面积不足，改扩建资金尚有缺口。", "个别场所与其他用房混用，标识不够规范。", "公开栏内容更新不够及时。",
        "少数支部会议记录不完整，台账归档滞后。", "雨季施工进度放缓，个别项目未能按期完工。", "企业支部场地依赖租用，使用期限不稳定。",
        "学习资料配备不齐，活动室使用率偏低。", "老旧场所消防和用电条件需要改造。",
    ];

    private static readonly string[] Steps =
    [
        "倒排工期，每周调度未达标项目。", "对未完成支部实行一支部一方案，整改一项销号一项。", "组织现场观摩，推广成熟做法。",
        "协调整合闲置资产，优先解决场所问题。", "开展台账集中检查，巩固软件建设成果。", "对已达标支部开展回头看，防止反弹。",
    ];

    private static readonly string[] Matters =
    [
        "请协调解决部分村级活动场所建设用地手续。", "建议统一公开栏和标识样式，便于各支部制作。", "请协调安排活动场所维修补助资金。",
        "建议组织一次业务培训，统一达标口径。",
    ];

    private static readonly string[] Practices =
    [
        "推行“一张清单、一周一调度”，问题当周清零。", "相邻支部共建共用活动场所，节省建设资金。", "用闲置校舍改建党员活动中心，兼作便民服务点。",
        "制作台账样本册，新任务随到随学。", "建立片区互查机制，每月交叉检查一次。", "把公开栏搬到广场，群众随时可看可问。",
    ];

    public static Narrative Narrative(HardwareFigures figures, Random chance) => new()
    {
        Progress = Progress(figures) + Some(Measures, chance.Next(1, 3), chance),
        Problems = (figures.ItemsLeft > 0 ? $"阵地建设还有{figures.ItemsLeft}项未达标。" : "个别场所日常使用和管护有待加强。")
            + (figures.ItemsLeft > 0 ? Some(Problems, chance.Next(1, 3), chance) : ""),
        NextSteps = Some(Steps, chance.Next(1, 3), chance),
        MattersToCoordinate = chance.NextDouble() < 0.4 ? Some(Matters, 1, chance) : "",
        GoodPractices = chance.NextDouble() < 0.5 ? Some(Practices, 1, chance) : "",
    };

    private static string Progress(HardwareFigures figures) => figures switch
    {
        { Base: 0 } => "本月各支部按计划推进。",
        _ when figures.Complete == figures.Base => $"{figures.Base}个支部阵地建设已全部达标。",
        { NewlyComplete: 0 } => $"本月没有新增阵地达标支部，累计{figures.Complete}个，应建{figures.Base}个。",
        _ => $"本月新增阵地达标支部{figures.NewlyComplete}个，累计{figures.Complete}个，应建{figures.Base}个。",
    };

    /// <summary>Prepared on the first day after the period, approved that day or the next.</summary>
    public static SignOff SignOff(CommitteeShape shape, Period period, Random chance)
    {
        var prepared = period.Plus(1).FirstDay;
        return new()
        {
            PreparedByPost = "组织委员",
            PreparedOn = HubTime.Day(prepared),
            // Sub-districts and the county's own committees are 党工委, towns and townships have a 党委.
            ApprovedByPost = shape.IsTown ? "党委书记" : "党工委书记",
            ApprovedOn = HubTime.Day(prepared.AddDays(chance.Next(2))),
        };
    }

    private static string Some(string[] sentences, int count, Random chance)
    {
        var shuffled = (string[])sentences.Clone();
        chance.Shuffle(shuffled);
        return string.Concat(shuffled.Take(count));
    }
}
