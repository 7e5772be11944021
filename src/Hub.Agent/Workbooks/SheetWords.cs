namespace Hub.Agent.Workbooks;

/// <summary>Names of sheets and labels: what the writer writes and the reader looks for.</summary>
internal static class SheetWords
{
    public const string Cover = "填报说明";
    public const string Standards = "标准说明";
    public const string Written = "文字材料";

    // Hidden: what the reader needs and a clerk does not.
    public const string Origin = "_hub";
    public const string TemplateText = "_standard";
    public const string Branches = "_branches";
    public const string LastPrefix = "_last_";

    public const string CodeHeader = "支部编码";
    public const string NameHeader = "支部名称";
    public const string NoteHeader = "备注";
    public const string SectionLabel = "板块";
    public const string TitleLabel = "内容";

    /// <summary>Rows above the branches: item ids, sections, short titles.</summary>
    public const int HeaderRows = 3;

    /// <summary>First item's column, from 1: code and name stand before it.</summary>
    public const int FirstItemColumn = 3;

    public const string Progress = "进展情况";
    public const string Problems = "存在问题";
    public const string NextSteps = "下一步打算";
    public const string Matters = "需协调事项";
    public const string Practices = "好经验好做法";
    public const string PreparedBy = "填报职务";
    public const string PreparedOn = "填报日期";
    public const string ApprovedBy = "审核职务";
    public const string ApprovedOn = "审核日期";

    /// <summary>Keys of the hidden sheet that says where a workbook comes from.</summary>
    public static class Keys
    {
        public const string Format = "format";
        public const string Programme = "programme";
        public const string LaunchYear = "launch_year";
        public const string Area = "area";
        public const string Township = "township";
        public const string TownshipName = "township_name";
        public const string Period = "period";
        public const string DueOn = "due_on";
        public const string StandardVersion = "standard_sha256";
        public const string LastPeriod = "last_period";
        public const string LastVersion = "last_version";
    }

    public const string FormatValue = "hub-workbook-1";

    /// <summary>The name of a kind's sheet: its Chinese name without what a sheet's name may not hold, at most 31 characters.</summary>
    public static string OfKind(Programmes.Standard standard)
    {
        var name = string.Concat(standard.Name.Where(c => !"[]:*?/\\'".Contains(c, StringComparison.Ordinal) && !char.IsControl(c)));
        if (name.Length == 0) name = standard.Kind;
        return name.Length <= 31 ? name : name[..31];
    }

    /// <summary>The hidden sheet with the last report's states of the n-th kind, from 0.</summary>
    public static string OfLast(int kind) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{LastPrefix}{kind + 1}");
}
