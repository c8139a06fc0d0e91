using System.Text.Json;
using Course.Cli.Serving;
using Course.Cli.Tests.Commands;
using Course.Serving;
using Course.Serving.Tests;
using Course.Testing;
using Course.Tests.Data;

namespace Course.Cli.Tests.Serving;

public sealed class ReplicasCommandTests
{
    [Theory]
    [InlineData("yarp")]
    [InlineData("haproxy")]
    public async Task Replicas_OneKilledAndAVersionRolledOut_LoseNoRequest(string proxy)
    {
        Assert.SkipWhen(proxy == "haproxy" && HaproxyFront.Program is null, "HAProxy is not installed (Debian: apt-get install haproxy)");
        using var folder = new TemporaryFolder();
        ExportCommandTests.Artefact(Architectures.Reference).Save(folder.File("digits.csmodel"));

        var (code, output, error) = await CourseProcess.RunAsync(folder.Path, "serve", "replicas", "digits.csmodel", "--replicas", "3", "--seconds", "1", "--proxy", proxy, "--json");

        Assert.True(code == 0, $"{output}\n{error}");
        var phases = JsonDocument.Parse(output).RootElement.EnumerateArray().ToArray();
        Assert.Equal(3, phases.Length);
        Assert.All(phases, phase => Assert.True(phase.GetProperty("requests").GetInt32() > 50, phase.ToString()));
        Assert.All(phases, phase => Assert.Equal(0, phase.GetProperty("failed").GetInt32()));
        // The killed one was noticed: requests that it had, or would have had, went to another.
        Assert.True(phases[1].GetProperty("retried").GetInt32() > 0, phases[1].ToString());
        RecoveryTable.Add($"a replica that vanishes, behind {proxy}", $"{phases[1].GetProperty("requests").GetInt32():N0} requests, none failed, {phases[1].GetProperty("retried").GetInt32()} went to another replica",
            TimeSpan.FromMilliseconds(phases[1].GetProperty("took_ms").GetDouble()));
        Assert.Equal(["1.0.0", "1.0.0-next"], phases[2].GetProperty("versions").EnumerateArray().Select(version => version.GetString()));
    }

    [Theory]
    [InlineData("yarp")]
    [InlineData("haproxy")]
    public async Task Replicas_Knee_TellsLatencyAndAnswersAtEachLoad(string proxy)
    {
        Today.SkipUnlessTurnOf(proxy == "yarp" ? 0 : 1, 2);
        Assert.SkipWhen(proxy == "haproxy" && HaproxyFront.Program is null, "HAProxy is not installed (Debian: apt-get install haproxy)");
        using var folder = new TemporaryFolder();
        ExportCommandTests.Artefact(Architectures.Reference).Save(folder.File("digits.csmodel"));

        var (code, output, error) = await CourseProcess.RunAsync(folder.Path, "serve", "replicas", "digits.csmodel", "--replicas", "2", "--seconds", "0.1", "--proxy", proxy, "--knee", "--json");

        Assert.True(code == 0, $"{output}\n{error}");
        var figures = JsonDocument.Parse(output).RootElement;
        var points = figures.GetProperty("points").EnumerateArray().ToArray();
        double capacity = figures.GetProperty("capacity").GetDouble();
        Assert.InRange(points.Length, 8, 20);
        Assert.All(points, point => Assert.Equal(0, point.GetProperty("failed").GetInt32()));
        Assert.All(points, point => Assert.InRange(point.GetProperty("p50_ms").GetDouble(), 0.01, point.GetProperty("p99_ms").GetDouble()));
        Assert.Equal(points.Select(point => point.GetProperty("rate").GetDouble()).Order(), points.Select(point => point.GetProperty("rate").GetDouble()));
        Assert.True(points[0].GetProperty("rate").GetDouble() < capacity / 4 && points[^1].GetProperty("rate").GetDouble() > capacity, output);
        // No more is answered than was offered.
        Assert.All(points, point => Assert.InRange(point.GetProperty("answered_per_second").GetDouble(), 0, point.GetProperty("rate").GetDouble() * 1.05 + 10));
    }

    [Fact]
    public async Task Replicas_WithoutTheModel_SaysWhatIsMissing()
    {
        using var folder = new TemporaryFolder();
        var (code, _, error) = await CourseProcess.RunAsync(folder.Path, "serve", "replicas", "nowhere.csmodel");

        Assert.Equal(2, code);
        Assert.Contains("nowhere.csmodel", error);
    }
}
