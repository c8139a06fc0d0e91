namespace Course.Book;

/// <summary>The files of ours that every book carries or its build uses.</summary>
internal static class Assets
{
    public static string Text(string name)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"there is no embedded file {name}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
