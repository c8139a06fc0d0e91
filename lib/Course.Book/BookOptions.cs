namespace Course.Book;

/// <summary>What a book is made from, and where it goes.</summary>
public sealed record BookOptions
{
    /// <summary>The folder of a run: <c>report.json</c> and the executed notebooks.</summary>
    public required string Run { get; init; }

    /// <summary>Where the pages go.</summary>
    public required string Out { get; init; }

    /// <summary>The repository whose notebooks were run: links lead into it, and its libraries tell the names in code.</summary>
    public required string Repository { get; init; }

    /// <summary>Where the npm packages are kept between builds.</summary>
    public required string Cache { get; init; }

    /// <summary>The repository's address on the web, with which links to its files work; null leaves them as text.</summary>
    public string? Web { get; init; }
}
