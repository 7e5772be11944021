namespace Hub.Cli.Demo;

/// <summary>Deals invented names, each once: combinations of common syllables, none meant for a real place or firm.</summary>
internal sealed class PlaceNames
{
    public const int MaxTownships = 26;

    private const string First = "青云白石松荷桐枫梅竹兰杏柳桂霞鹿鹤雁泉月禾茶";
    private const string Second = "溪坪岭湾塘坳滩洲桥垄源畈冲墩岗禾";

    private static readonly string[] Stems =
    [
        "青禾", "云杉", "鹿鸣", "荻花", "霜桥", "栖梧", "沉香", "萤溪", "听松", "望舒", "晴岚", "麦浪", "枕泉",
        "兰皋", "星垂", "半夏", "杏雨", "柳浪", "竹喧", "桐月", "雁回", "苇白", "砚池", "棠梨",
    ];

    private static readonly string[] Departments = ["县直机关工委", "县直教卫工委"];
    private static readonly string[] Parks = ["工业园区工委", "物流园区工委"];

    private static readonly string[] CountyOffices =
    [
        "水利局", "教育体育局", "财政局", "民政局", "司法局", "自然资源局", "交通运输局", "农业农村局", "商务局", "文化旅游局", "卫生健康局",
        "应急管理局", "审计局", "统计局", "医疗保障局", "市场监管局", "林业局", "住建局", "城管局", "人社局", "发改局", "工信局", "信访局",
        "档案馆", "图书馆", "文化馆", "融媒体中心", "人民医院", "中医院", "妇幼保健院", "疾控中心", "第一中学", "第二中学", "职业学校",
        "实验小学", "机关幼儿园", "供销社", "气象局", "税务局", "公路中心", "水文站", "总工会", "妇联", "科协", "工商联", "残联", "法院",
        "检察院", "公安局", "消防大队", "人大机关", "政协机关", "行政审批局", "退役军人局", "生态环境局", "党校", "政府办", "机关事务中心",
    ];

    private static readonly string[] TownshipOffices =
        ["机关", "中心小学", "初级中学", "卫生院", "派出所", "司法所", "供电所", "自然资源所", "财税所", "农技站", "敬老院", "水管站"];

    private static readonly string[] ParkOffices = ["管委会", "派出所", "供电所", "消防站", "市场监管所"];

    private static readonly string[] Firms =
    [
        "霁达", "荻丰", "禾盛", "雁程", "桐信", "泉润", "鹿成", "松合", "竹韵", "枫瑞", "兰新", "杏源", "柳同", "桂恒", "月朗", "茶和", "青越",
        "白帆", "石磐", "云拓",
    ];

    private static readonly string[] Trades = ["机械", "食品", "建材", "纺织", "电子", "物流", "农业", "茶业", "竹木", "环保", "包装", "家具"];

    private readonly Queue<string> stems;
    private readonly Deck places;
    private readonly Deck firms;
    private readonly Deck veterans;
    private readonly Dictionary<string, Deck> offices = [];

    public PlaceNames(Random random)
    {
        stems = new(Shuffled(Stems, random));
        places = new(
            Shuffled(from a in First from b in Second where a != b select $"{a}{b}", random),
            (name, again) => $"{"上下东西南北"[again - 1]}{name}");
        firms = new(Shuffled(from a in Firms from b in Trades select a + b, random), (name, again) => $"{"新大中远"[again - 1]}{name}");
        veterans = new(Shuffled(CountyOffices.Select(o => "县" + o), random), Numbered);
    }

    /// <param name="shape">Which suffix the name has.</param>
    /// <param name="ordinal">How many of the shape there are already.</param>
    public string Township(CommitteeShape shape, int ordinal) => shape.Suffix switch
    {
        "机关工委" => Departments[ordinal],
        "园区工委" => Parks[ordinal],
        _ => stems.Dequeue() + shape.Suffix,
    };

    public string Branch(string kind, string township, CommitteeShape shape) => kind switch
    {
        "village" => places.Next() + "村党支部",
        "community" => places.Next() + "社区党支部",
        "enterprise" => firms.Next() + "公司党支部",
        "agency" => OfficesOf(township, shape).Next() + "党支部",
        _ => veterans.Next() + "离退休党支部",
    };

    private Deck OfficesOf(string township, CommitteeShape shape)
    {
        if (offices.TryGetValue(township, out var deck)) return deck;
        IEnumerable<string> all = shape.Suffix switch
        {
            "机关工委" => CountyOffices.Select(o => "县" + o),
            "园区工委" => ParkOffices.Select(o => township.Replace("工委", "", StringComparison.Ordinal) + o),
            _ => TownshipOffices.Select(o => township + o),
        };
        deck = new([.. all], Numbered);
        offices.Add(township, deck);
        return deck;
    }

    private static string Numbered(string name, int again) => $"{name}第{"二三四五六七八九十"[again - 1]}";

    private static string[] Shuffled(IEnumerable<string> names, Random random)
    {
        string[] all = [.. names];
        random.Shuffle(all);
        return all;
    }

    /// <summary>Names in a fixed order; once all are dealt they come again, told apart by <paramref name="again"/>.</summary>
    private sealed class Deck(string[] names, Func<string, int, string> again)
    {
        private int dealt;

        public string Next()
        {
            var (round, place) = Math.DivRem(dealt++, names.Length);
            return round == 0 ? names[place] : again(names[place], round);
        }
    }
}
