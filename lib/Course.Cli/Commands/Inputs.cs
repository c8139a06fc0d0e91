using System.CommandLine;
using System.Globalization;

namespace Course.Cli.Commands;

/// <summary>What several commands ask of their arguments.</summary>
internal static class Inputs
{
    /// <summary>Notebooks and folders. A word that looks like an option and is no path is told as an unknown option.</summary>
    public static Argument<string[]> Notebooks(string description)
    {
        var paths = new Argument<string[]>("paths") { Description = description, Arity = ArgumentArity.ZeroOrMore };
        paths.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (token.Value.StartsWith('-') && !Path.Exists(token.Value))
                    result.AddError($"There is no option '{token.Value}'.");
                else if (token.Value.Length == 0)
                    result.AddError("A path is empty; name a notebook or a folder.");
        });
        return paths;
    }

    /// <summary>Refuses an empty text, such as that of an unset variable.</summary>
    public static void NotEmpty(params Option[] options)
    {
        foreach (var option in options)
            option.Validators.Add(result =>
            {
                if (result.Tokens is [{ Value: "" }])
                    result.AddError($"{option.Name} is empty; give a value or leave the option out.");
            });
    }

    /// <summary>Refuses numbers that are not positive, or greater than <paramref name="most"/>.</summary>
    public static void Positive(double most, params Option[] options)
    {
        foreach (var option in options)
            option.Validators.Add(result =>
            {
                if (result.Tokens is not [{ Value: var text }] || !double.TryParse(text, CultureInfo.InvariantCulture, out double value))
                    return;
                if (!(value > 0))
                    result.AddError($"{option.Name} must be greater than zero, not {text}.");
                else if (value > most)
                    result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} must be at most {most}, not {text}."));
            });
    }
}
