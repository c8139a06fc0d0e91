using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Course.Serving;

/// <summary>
/// Reads <c>{"input": [numbers]}</c> and <c>{"inputs": [[numbers], …]}</c> from UTF-8 in one pass, straight into the floats that the
/// network takes. Numbers are most of a request, so they are read by hand: small integers from blocks of bytes, others by the framework.
/// Everything that JSON (RFC 8259) forbids is refused, and so are unknown and repeated names.
/// </summary>
internal ref struct InputParser
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly InputRules _rules;
    private int _at;
    private Refusal? _refusal;

    private InputParser(ReadOnlySpan<byte> text, InputRules rules)
    {
        _text = text;
        _rules = rules;
    }

    /// <summary>Reads one input.</summary>
    /// <param name="input">Receives <see cref="InputRules.Size"/> numbers.</param>
    /// <returns>Null when all is well.</returns>
    public static Refusal? ReadOne(ReadOnlySpan<byte> body, InputRules rules, float[] input)
    {
        var parser = new InputParser(body, rules);
        bool found = false;
        while (parser.NextName("input"u8, "input", ref found))
            parser.Numbers(input, index: -1);
        return parser._refusal ?? (found ? null : Refusal.Unprocessable("'input' is missing: send {\"input\": [numbers]}."));
    }

    /// <summary>Reads several inputs.</summary>
    /// <param name="inputs">Receives them, in order.</param>
    /// <returns>Null when all is well.</returns>
    public static Refusal? ReadBatch(ReadOnlySpan<byte> body, InputRules rules, List<float[]> inputs)
    {
        var parser = new InputParser(body, rules);
        bool found = false;
        while (parser.NextName("inputs"u8, "inputs", ref found))
            parser.Arrays(inputs);
        if (parser._refusal is null && inputs.Count == 0)
            return Refusal.Unprocessable("'inputs' is missing or empty: send {\"inputs\": [[numbers], [numbers]]}.");
        return parser._refusal;
    }

    /// <summary>
    /// Goes to the value of the next name. False at the end of the body, or when something was refused; only
    /// <paramref name="expected"/> is a name that may come, and only once.
    /// </summary>
    private bool NextName(ReadOnlySpan<byte> expected, string name, ref bool found)
    {
        if (_refusal is not null)
            return false;
        SkipWhite();
        if (!found)
        {
            if (_text[_at..].SequenceEqual("null"u8))
                return Refuse(Refusal.Unreadable("The body is null; it must be an object."));
            if (!Take((byte)'{'))
                return Syntax("$");
            SkipWhite();
            if (Take((byte)'}'))
                return AtEnd();
        }
        else if (Take((byte)'}'))
        {
            return AtEnd();
        }
        else if (!Take((byte)','))
        {
            return Syntax("$");
        }
        SkipWhite();
        if (!QuotedString(out var quoted))
            return Syntax("$");
        SkipWhite();
        if (!Take((byte)':'))
            return Syntax("$");
        SkipWhite();
        if (!IsName(quoted, expected))
            return Refuse(Refusal.Unprocessable($"'{Shown(quoted[1..^1])}' is no field of this request; send {{\"{name}\": …}} only."));
        if (found)
            return Refuse(Refusal.Unreadable($"The name '{name}' occurs twice; which one is meant?"));
        return found = true;
    }

    private void Arrays(List<float[]> inputs)
    {
        if (!Take((byte)'['))
        {
            Syntax("$.inputs");
            return;
        }
        SkipWhite();
        if (Take((byte)']'))
            return;
        for (int index = 0; ; index++)
        {
            if (_text[_at..].StartsWith("null"u8))
            {
                Refuse(Refusal.Unprocessable($"inputs[{index}] is null; it must be an array of numbers."));
                return;
            }
            if (index == _rules.MostInputs)
            {
                Refuse(Refusal.Unprocessable($"More than {_rules.MostInputs} inputs in one request; at most {_rules.MostInputs} are accepted. Split them."));
                return;
            }
            float[] input = GC.AllocateUninitializedArray<float>(_rules.Size);
            if (!Numbers(input, index))
                return;
            inputs.Add(input);
            SkipWhite();
            if (Take((byte)']'))
                return;
            if (!Take((byte)','))
            {
                Syntax($"$.inputs[{index}]");
                return;
            }
            SkipWhite();
        }
    }

    /// <summary>Reads an array of numbers.</summary>
    /// <param name="index">Which of the inputs it is; -1 when there is one only.</param>
    private bool Numbers(float[] input, int index)
    {
        if (!Take((byte)'['))
            return Syntax(Path(index));
        SkipWhite();
        int count = 0;
        if (!Take((byte)']'))
        {
            bool dense = true;
            while (true)
            {
                if (dense)
                {
                    int run = SmallIntegers.Read(_text, ref _at, input.AsSpan(Math.Min(count, input.Length)));
                    dense = run > 0;
                    count += run;
                    SkipWhite();
                }
                if (!SmallInteger(out float value) && !Number(out value))
                    return Syntax($"{Path(index)}[{count}]");
                if (count < input.Length)
                    input[count] = value;
                count++;
                if (Take((byte)','))
                {
                    SkipWhite();
                    continue;
                }
                if (Take((byte)']'))
                    break;
                SkipWhite();
                if (Take((byte)','))
                {
                    SkipWhite();
                    continue;
                }
                if (Take((byte)']'))
                    break;
                return Syntax($"{Path(index)}[{count - 1}]");
            }
        }
        if (count != input.Length)
            return Refuse(Refusal.Unprocessable($"{Name(index)} has {count} numbers; the model takes {input.Length} ({_rules.Shape})."));
        int bad = _rules.FirstOutside(input);
        return bad < 0 || Refuse(Refusal.Unprocessable(FormattableString.Invariant($"{Name(index)}[{bad}] is {input[bad]}; values lie between {_rules.Minimum} and {_rules.Maximum}.")));
    }

    /// <summary>One to three digits before a comma or bracket. Moves only when it is one.</summary>
    private bool SmallInteger(out float value)
    {
        value = 0;
        var rest = _text[_at..];
        if (rest.Length < 4)
            return false;
        uint first = rest[0] - (uint)'0', second = rest[1] - (uint)'0', third = rest[2] - (uint)'0';
        if (first > 9)
            return false;
        if (rest[1] is (byte)',' or (byte)']')
        {
            value = first;
            _at += 1;
            return true;
        }
        if (first == 0 || second > 9)
            return false;
        if (rest[2] is (byte)',' or (byte)']')
        {
            value = 10 * first + second;
            _at += 2;
            return true;
        }
        if (third > 9 || rest[3] is not ((byte)',' or (byte)']'))
            return false;
        value = 100 * first + 10 * second + third;
        _at += 3;
        return true;
    }

    /// <summary>Any number that JSON allows. Moves only when it is one.</summary>
    private bool Number(out float value)
    {
        value = 0;
        int at = _at;
        if (Is(at, '-'))
            at++;
        if (Is(at, '0'))
            at++;
        else if (!Digits(ref at))
            return false;
        if (Is(at, '.'))
        {
            at++;
            if (!Digits(ref at))
                return false;
        }
        if (Is(at, 'e') || Is(at, 'E'))
        {
            at++;
            if (Is(at, '+') || Is(at, '-'))
                at++;
            if (!Digits(ref at))
                return false;
        }
        var number = _text[_at..at];
        if (number.Length > InputRules.LongestNumber || !float.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
            return false;
        _at = at;
        return true;
    }

    private readonly bool Is(int at, char expected) => at < _text.Length && _text[at] == expected;

    private readonly bool Digits(ref int at)
    {
        int from = at;
        while (at < _text.Length && (uint)(_text[at] - '0') <= 9)
            at++;
        return at > from;
    }

    private bool QuotedString(out ReadOnlySpan<byte> quoted)
    {
        quoted = default;
        if (!Is(_at, '"'))
            return false;
        for (int at = _at + 1; at < _text.Length; at++)
        {
            if (_text[at] < ' ')
                return false;
            if (_text[at] == '\\')
                at++;
            else if (_text[at] == '"')
            {
                quoted = _text[_at..(at + 1)];
                _at = at + 1;
                return true;
            }
        }
        return false;
    }

    /// <summary>Names may be written with escapes; then the framework compares.</summary>
    private static bool IsName(ReadOnlySpan<byte> quoted, ReadOnlySpan<byte> expected)
    {
        if (!quoted.Contains((byte)'\\'))
            return quoted[1..^1].SequenceEqual(expected);
        try
        {
            var reader = new Utf8JsonReader(quoted);
            return reader.Read() && reader.ValueTextEquals(expected);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // No escape, or half a surrogate pair.
            return false;
        }
    }

    private void SkipWhite()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            _at++;
    }

    private bool Take(byte expected)
    {
        if (_at >= _text.Length || _text[_at] != expected)
            return false;
        _at++;
        return true;
    }

    private bool AtEnd()
    {
        SkipWhite();
        return _at < _text.Length && Syntax("$");
    }

    private bool Syntax(string path)
    {
        var before = _text[..Math.Min(_at, _text.Length)];
        return Refuse(Refusal.Unreadable(
            $"The body cannot be read at line {before.Count((byte)'\n') + 1}, byte {before.Length - before.LastIndexOf((byte)'\n')} ({path}): it must be an object with numbers."));
    }

    private bool Refuse(Refusal refusal)
    {
        _refusal ??= refusal;
        return false;
    }

    private static string Path(int index) => index < 0 ? "$.input" : $"$.inputs[{index}]";

    private static string Name(int index) => index < 0 ? "input" : $"inputs[{index}]";

    // What a stranger sent is shown short and without control characters.
    private static string Shown(ReadOnlySpan<byte> text) =>
        string.Concat(Encoding.UTF8.GetString(text[..Math.Min(40, text.Length)]).Select(c => char.IsControl(c) ? '?' : c));
}
