namespace Hub.EndToEnd.Bulletins;

/// <summary>A table as a document shows it.</summary>
/// <param name="Class">Its class in the text; empty where the document does not carry it.</param>
internal sealed record ReadTable(string Class, string Caption, IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<string>> Rows);
