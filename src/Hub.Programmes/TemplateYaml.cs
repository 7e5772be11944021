using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Hub.Programmes;

/// <summary>From text to a tree of nodes that know their lines. The events are walked first, without recursion, so that hostile text
/// (deep nesting, anchors that multiply) is refused before a tree is built.</summary>
internal static class TemplateYaml
{
    public const int MaxBytes = 512 * 1024;
    public const int MaxDepth = 16;

    public static YamlMappingNode? Root(string text, TemplateErrors errors)
    {
        if (text.Length > MaxBytes || Encoding.UTF8.GetByteCount(text) > MaxBytes)
        {
            errors.Add(1, $"文件超过 {MaxBytes / 1024} KiB", $"the file is larger than {MaxBytes / 1024} KiB");
            return null;
        }

        text = text.TrimStart('\uFEFF');
        try
        {
            if (!EventsAreAcceptable(text, errors)) return null;
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents is [{ RootNode: YamlMappingNode root }]) return root;
            var line = stream.Documents.Count == 0 ? 1 : stream.Documents[0].RootNode.Start.Line;
            errors.Add(line, "文件应为一个“键： 值”的映射", "the file must be one mapping of keys to values");
        }
        catch (YamlException broken)
        {
            RefuseMalformed(text, broken, errors);
        }
        return null;
    }

    /// <summary>A tab that indents is the likeliest slip, and the parser points before it.</summary>
    private static void RefuseMalformed(string text, YamlException broken, TemplateErrors errors)
    {
        var tabbed = Array.FindIndex(text.Split('\n'), line => line.TrimStart(' ').StartsWith('\t'));
        if (tabbed >= 0)
        {
            errors.Add(tabbed + 1, "缩进应使用空格，不能用制表符", "indent with spaces, not with a tab");
            return;
        }
        var reason = TemplateErrors.Quoted(broken.Message, maxRunes: 160);
        errors.Add(broken.Start.Line, $"YAML 格式不正确：{reason}", $"not well-formed YAML: {reason}");
    }

    /// <summary>An open mapping or sequence; of a mapping the keys seen so far, and whether a key comes next.</summary>
    private sealed class Open(bool isMapping)
    {
        public HashSet<string> Keys { get; } = [];
        public bool IsMapping { get; } = isMapping;
        public bool AtKey { get; set; } = true;
    }

    private static bool EventsAreAcceptable(string text, TemplateErrors errors)
    {
        var parser = new Parser(new StringReader(text));
        var open = new Stack<Open>();
        var documents = 0;
        while (MoveNext(parser))
        {
            switch (parser.Current)
            {
                case DocumentStart start:
                    if (++documents == 1) break;
                    errors.Add(start.Start.Line, "只能有一个 YAML 文档", "only one YAML document is allowed");
                    return false;
                case AnchorAlias alias:
                    errors.Add(alias.Start.Line, "不接受引用（*）", "aliases (*) are not accepted");
                    if (open.TryPeek(out var around) && around.IsMapping) around.AtKey = !around.AtKey;
                    break;
                case MappingEnd or SequenceEnd:
                    open.Pop();
                    break;
                case NodeEvent node:
                    CheckNode(node, open.TryPeek(out var parent) ? parent : null, errors);
                    if (node is Scalar) break;
                    open.Push(new Open(node is MappingStart));
                    if (open.Count <= MaxDepth) break;
                    errors.Add(node.Start.Line, $"嵌套超过 {MaxDepth} 层", $"nested more than {MaxDepth} deep");
                    return false;
            }
        }
        return errors.Count == 0;
    }

    /// <summary>On some malformed text the scanner throws what is no <see cref="YamlException"/>; only its own work is done in here.</summary>
    private static bool MoveNext(Parser parser)
    {
        try
        {
            return parser.MoveNext();
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            var reached = parser.Current?.End ?? Mark.Empty;
            throw new YamlException(reached, reached, broken.Message, broken);
        }
    }

    private static void CheckNode(NodeEvent node, Open? parent, TemplateErrors errors)
    {
        if (!node.Anchor.IsEmpty) errors.Add(node.Start.Line, "不接受锚点（&）", "anchors (&) are not accepted");
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific) errors.Add(node.Start.Line, "不接受类型标签（!）", "tags (!) are not accepted");
        if (parent is not { IsMapping: true }) return;
        if (parent.AtKey && node is not Scalar) errors.Add(node.Start.Line, "键应为文字", "a key must be a word");
        if (parent.AtKey && node is Scalar key && !parent.Keys.Add(key.Value))
        {
            var shown = TemplateErrors.Quoted(key.Value);
            errors.Add(key.Start.Line, $"键“{shown}”重复", $"duplicate key '{shown}'");
        }
        parent.AtKey = !parent.AtKey;
    }
}
