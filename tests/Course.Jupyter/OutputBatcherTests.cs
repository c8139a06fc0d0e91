using System.Text.Json.Nodes;
using Course.Jupyter.Front;
using Course.Session.Contract;

namespace Course.Jupyter.Tests;

public sealed class OutputBatcherTests : IDisposable
{
    private readonly List<CellOutput> _sent = [];
    private readonly OutputPolicy _policy = new() { Interval = TimeSpan.FromMinutes(1), Folder = Directory.CreateTempSubdirectory("outputs-").FullName };

    public void Dispose() => Directory.Delete(_policy.Folder!, recursive: true);

    private static StreamOutput Text(string text, string stream = "stdout") => new(stream, text);

    private static DisplayData Figure(string text, string? id = null) => new(new() { ["text/plain"] = text }, [], id);

    private static UpdateDisplay Update(string text, string id) => new(new() { ["text/plain"] = text }, [], id);

    private string Sent => string.Join(" | ", _sent.Select(output => output switch
    {
        StreamOutput s => $"{s.Name}:{s.Text}",
        DisplayData d => $"display {d.Data["text/plain"]}",
        UpdateDisplay u => $"update {u.DisplayId} {u.Data["text/plain"]}",
        ClearOutput c => $"clear {c.Wait}",
        _ => output.GetType().Name,
    }));

    private void Send(params CellOutput[] outputs) => Send(_policy, outputs);

    private void Send(OutputPolicy policy, params CellOutput[] outputs)
    {
        using var batcher = new OutputBatcher("cell-1", policy, _sent.Add);
        foreach (var output in outputs)
            batcher.Add(output);
        batcher.Settle();
    }

    [Fact]
    public void FirstOutput_PassesAtOnce_AndTheRestIsJoined()
    {
        Send(Text("a"), Text("b"), Text("c"), Text("err", "stderr"), Text("d"));
        Assert.Equal("stdout:a | stdout:bc | stderr:err | stdout:d", Sent);
    }

    [Fact]
    public void UpdatesOfOneFigure_WithinTheInterval_SendTheLastOnly()
    {
        Send(Figure("f", "1"), Update("u1", "1"), Update("v1", "2"), Update("u2", "1"), Update("u3", "1"));
        Assert.Equal("display f | update 1 u3 | update 2 v1", Sent);
    }

    [Fact]
    public void ClearedOutput_ThatWasNotSent_IsNeverSent()
    {
        Send(Text("shown"), Text("hidden"), Figure("hidden"), new ClearOutput(true), Figure("last"));
        Assert.Equal("stdout:shown | clear True | display last", Sent);
    }

    [Fact]
    public void TooMuchText_IsCutWithANote_AndTheRestIsInTheFile()
    {
        Send(_policy with { StreamCharacters = 10 }, Text("12345"), Text("67890ABC"), Text("DEF"));
        string text = string.Concat(_sent.OfType<StreamOutput>().Where(s => s.Name == "stdout").Select(s => s.Text));
        Assert.Equal("1234567890", text);
        string file = Path.Combine(_policy.Folder!, "cell-1.txt");
        Assert.Equal("ABCDEF", File.ReadAllText(file));
        Assert.Contains("6 bytes more", Sent, StringComparison.Ordinal);
        Assert.Contains(file, Sent, StringComparison.Ordinal);
    }

    [Fact]
    public void TooMuchText_OfASecondCellWithTheSameNumber_KeepsTheFirstOnesFile()
    {
        Send(_policy with { StreamCharacters = 1 }, Text("1first"));
        Send(_policy with { StreamCharacters = 1 }, Text("2second"));
        Assert.Equal("first", File.ReadAllText(Path.Combine(_policy.Folder!, "cell-1.txt")));
        Assert.Equal("second", File.ReadAllText(Path.Combine(_policy.Folder!, "cell-1-2.txt")));
    }

    [Fact]
    public void TooMuchText_WhereNoFileCanBeWritten_SaysThatItIsLost()
    {
        Send(_policy with { StreamCharacters = 4, Folder = Path.Combine(_policy.Folder!, "absent") }, Text("12345"));
        Assert.Contains("what follows is lost", Sent, StringComparison.Ordinal);
        Assert.Contains("1 bytes more were printed; they are not kept", Sent, StringComparison.Ordinal);
    }

    [Fact]
    public void TooMuchText_WithoutAFolderOfItsOwn_GoesWhereOnlyThisUserMayLook()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has other permissions");
            return;
        }
        Send(_policy with { StreamCharacters = 4, Folder = null }, Text("12345"));
        string folder = Path.GetDirectoryName(Sent.Split("they are in ")[1].TrimEnd(']', '\n'))!;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void ProgressThatRewritesItsLine_ForEver_IsNeverCut()
    {
        var policy = _policy with { StreamCharacters = 100, Interval = TimeSpan.Zero };
        Send(policy, [Text("epoch 1: "), .. Enumerable.Range(0, 100).Select(i => Text($"\rstep {i,6}"))]);
        Assert.DoesNotContain("[", Sent, StringComparison.Ordinal);
        Assert.EndsWith("step     99", Sent, StringComparison.Ordinal);
    }

    [Fact]
    public void LinesThatEnd_AreCountedEvenWhereProgressRewritesOthers()
    {
        Send(_policy with { StreamCharacters = 100, Interval = TimeSpan.Zero }, [.. Enumerable.Range(0, 100).Select(i => Text($"\rstep {i,6}\n"))]);
        Assert.Contains("has printed 100 characters", Sent, StringComparison.Ordinal);
    }

    [Fact]
    public void AnimationThatClearsItsOutput_IsNeverCut()
    {
        var policy = _policy with { StreamCharacters = 100, Displays = 5, Interval = TimeSpan.Zero };
        Send(policy, [.. Enumerable.Range(0, 50).SelectMany(i => (CellOutput[])[new ClearOutput(true), Figure($"frame {i}"), Text($"time {i}\n")])]);
        Assert.Equal(50, _sent.OfType<DisplayData>().Count());
        Assert.DoesNotContain("[", Sent, StringComparison.Ordinal);
    }

    [Fact]
    public void AHugeValue_IsReplacedByANoteThatNamesItsFile()
    {
        Send(_policy with { DisplayCharacters = 100 }, new DisplayData(new() { ["text/html"] = new string('x', 1000), ["text/plain"] = "short" }, []));
        var data = Assert.IsType<DisplayData>(Assert.Single(_sent)).Data;
        Assert.False(data.ContainsKey("text/html"));
        Assert.Contains("1000 bytes", data["text/plain"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(1000, new FileInfo(Assert.Single(Directory.GetFiles(_policy.Folder!, "*.html"))).Length);
    }

    [Fact]
    public void TooManyFigures_AreCounted()
    {
        Send(_policy with { Displays = 2 }, Figure("1"), Figure("2"), Figure("3"), Figure("4"));
        Assert.Equal(2, _sent.OfType<DisplayData>().Count());
        Assert.Contains("2 more outputs", Sent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain\ntext", "plain\ntext")]
    [InlineData("windows\r\nline\r\n", "windows\nline\n")]
    [InlineData("\r10%\r20%\r30%", "\r30%")]
    [InlineData("start 10%\rstart 20%", "start 10%\rstart 20%")]
    [InlineData("first\nlong line\rabc\nnext", "first\nabcg line\nnext")]
    [InlineData("a\nlong line\rabc", "a\nabcg line\rabc")]
    [InlineData("a\n52%\r", "a\n52%\r")]
    public void CarriageReturns_CollapseToWhatATerminalShows(string text, string expected) =>
        Assert.Equal(expected, CarriageReturns.Collapse(text));

    [Theory]
    [InlineData("a🙂b", 2, 3)]
    [InlineData("a🙂b", 3, 4)]
    [InlineData("a🙂b", 99, 4)]
    [InlineData("", 5, 0)]
    public void CursorPosition_CountsCharactersAsJupyterDoes(string text, int characters, int units)
    {
        Assert.Equal(units, CursorPosition.ToUtf16(text, characters));
        Assert.Equal(Math.Min(characters, CursorPosition.FromUtf16(text, int.MaxValue)), CursorPosition.FromUtf16(text, units));
    }

    [Fact]
    public void History_AnswersTailRangeAndSearch()
    {
        var history = new History();
        string[] inputs = ["var a = 1;", "a", "var b = 2;", "a"];
        for (int i = 0; i < inputs.Length; i++)
            history.Add(i + 1, inputs[i], i % 2 == 1 ? "1" : null);

        Assert.Equal("""[[1,3,"var b = 2;"],[1,4,"a"]]""", Ask("""{"hist_access_type": "tail", "n": 2}"""));
        Assert.Equal("""[[1,2,["a","1"]]]""", Ask("""{"hist_access_type": "range", "session": 1, "start": 2, "stop": 3, "output": true}"""));
        Assert.Equal("[]", Ask("""{"hist_access_type": "range", "session": -1, "start": 0, "stop": 9}"""));
        Assert.Equal("""[[1,1,"var a = 1;"],[1,3,"var b = 2;"]]""", Ask("""{"hist_access_type": "search", "pattern": "var*"}"""));
        Assert.Equal("""[[1,4,"a"]]""", Ask("""{"hist_access_type": "search", "pattern": "a", "unique": true}"""));
        Assert.Equal("""[[1,4,"a"]]""", Ask("""{"hist_access_type": "search", "pattern": "?", "n": 1}"""));

        string Ask(string request)
        {
            using var json = System.Text.Json.JsonDocument.Parse(request);
            return history.Reply(json.RootElement)["history"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        }
    }

    [Fact]
    public void WhatWaits_LeavesWhenTheIntervalIsOver()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        using var batcher = new OutputBatcher("cell-1", _policy with { Interval = TimeSpan.FromSeconds(1) }, _sent.Add, clock);
        batcher.Add(Text("first"));
        batcher.Add(Text("second"));
        clock.Advance(TimeSpan.FromSeconds(0.9));
        Assert.Single(_sent);
        clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal("second", Assert.IsType<StreamOutput>(_sent[1]).Text);
    }
}
