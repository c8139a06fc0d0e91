using System.Runtime.CompilerServices;
using System.Text.Json;
using Course.Base;

namespace Course;

/// <summary>
/// Test data behind a seal. Whoever looks at test data and then decides something has made them training data, so they are handed
/// out for one named question at a time, and a ledger in <c>artifacts/models</c> counts how often: it belongs to one trained model
/// (recipe, profile, data and engine), and a model that is trained anew starts with an empty one.
/// </summary>
/// <typeparam name="T">The data, for example <see cref="LabelledImages"/>.</typeparam>
public sealed class SealedTestSet<T>
{
    private readonly T _data;
    private readonly string _ledger;

    /// <param name="data">What is sealed.</param>
    /// <param name="recipe">How the model is trained that will be judged: a short name such as <c>reference-network</c>.</param>
    /// <param name="source">Which data these are: a short name such as <c>mnist</c>.</param>
    public SealedTestSet(T data, string recipe, string source)
        : this(data, Path.Combine(Repository.Models, $"{Name(recipe)}-{Run.Profile}-{Name(source)}-{Run.EngineName}.ledger.json"))
    {
    }

    internal SealedTestSet(T data, string ledger) => (_data, _ledger) = (data, ledger);

    /// <summary>Questions that the test data have answered about this model, in their order.</summary>
    public IReadOnlyList<string> Questions => [.. Read().Select(entry => entry.Question)];

    /// <summary>Says that the model is about to be trained anew: nothing is known of the new one, so the ledger is empty again.</summary>
    public void TrainAnew()
    {
        using var gate = FileLock.Take(_ledger + ".lock");
        File.Delete(_ledger);
    }

    /// <summary>Opens the seal for one question. The same measurement may run again (a cell is run twice); another one needs a question of its own.</summary>
    /// <param name="question">What will be known afterwards, as a question.</param>
    /// <param name="measure">The measurement, written in place; only here are the test data in hand.</param>
    /// <param name="code">Its text, which tells the same measurement from another one; the compiler fills it in.</param>
    /// <exception cref="InvalidOperationException">The question was answered before, by another measurement.</exception>
    public TResult Open<TResult>(string question, Func<T, TResult> measure, [CallerArgumentExpression(nameof(measure))] string code = "")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(question);
        int openings;
        bool again;
        using (FileLock.Take(_ledger + ".lock"))   // other notebooks may ask about the same model
        {
            var entries = Read();
            var before = entries.Find(entry => entry.Question == question);
            if (before is not null && WithoutSpace(before.Code) != WithoutSpace(code))
                throw new InvalidOperationException($"The test set has answered the question '{question}' before, by another measurement ({before.Code}). "
                    + "Choose on validation data, and ask the test set once; a different question needs words of its own. "
                    + $"(Whoever starts over trains a new model: delete '{_ledger}' and the model beside it.)");
            again = before is not null;
            if (!again)
            {
                entries.Add(new(question, code));
                AtomicFile.Write(_ledger, stream => JsonSerializer.Serialize(stream, entries));
            }
            openings = entries.Count;
        }
        Console.WriteLine($"test set opened {openings} ×, {(again ? "the same measurement again" : "now for")}: {question}");
        return measure(_data);
    }

    private List<Opening> Read()
    {
        if (!File.Exists(_ledger))
            return [];
        try
        {
            return JsonSerializer.Deserialize<List<Opening>>(File.ReadAllBytes(_ledger)) ?? [];
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{_ledger}: this ledger of the test set cannot be read: {e.Message} Delete it and train the model anew.", e);
        }
    }

    /// <summary>A program and a notebook of the same chapter, or two systems, may break and indent the same lines differently.</summary>
    private static string WithoutSpace(string code) => string.Concat(code.Where(c => !char.IsWhiteSpace(c)));

    private static string Name(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.') ? text
        : throw new ArgumentException($"'{text}' becomes part of a file's name: use letters, digits and hyphens only.");

    private sealed record Opening(string Question, string Code);
}
