namespace Course.Book;

/// <summary>Something in a notebook that the book cannot show as its reader expects.</summary>
/// <param name="Notebook">As reports show it, for example <c>notebooks/03-linear-regression.ipynb</c>.</param>
/// <param name="Cell">The id of the cell; null where the whole notebook is meant.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record BookFinding(string Notebook, string? Cell, string Message)
{
    public override string ToString() => Cell is null ? $"{Notebook}: {Message}" : $"{Notebook}: cell {Cell}: {Message}";
}

/// <summary>The book cannot be made at all; the message says what is missing and how to get it.</summary>
public sealed class BookException(string message, Exception? inner = null) : Exception(message, inner);
