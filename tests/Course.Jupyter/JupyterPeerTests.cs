namespace Course.Jupyter.Tests;

/// <summary>
/// The kernel as Jupyter's own client sees it. Some fifty kernels take minutes, so this runs where COURSE_TEST_JUPYTER is 1, as in CI;
/// COURSE_TEST_KERNELS=20 and COURSE_TEST_CELLS=10000 make the long tests full.
/// </summary>
public sealed class JupyterPeerTests(TestKernel kernel) : IClassFixture<TestKernel>
{
    [Fact]
    public async Task ConformanceSuite_OfJupyter_PassesWithNothingSkipped()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("COURSE_TEST_JUPYTER") == "1", "set COURSE_TEST_JUPYTER=1 to drive kernels by Jupyter's client for minutes");
        SystemPython.Require("jupyter_kernel_test", "python3-jupyter-kernel-test");
        var report = await kernel.RunAsync("conformance.py", TimeSpan.FromMinutes(10));
        Assert.True(report is { Failed: 0, Skipped: 0 }, report.Problems);
        Assert.Equal(12, report.Run);
    }

    [Fact]
    public async Task ProtocolTests_WithJupyterClient_AllPass()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("COURSE_TEST_JUPYTER") == "1", "set COURSE_TEST_JUPYTER=1 to drive kernels by Jupyter's client for minutes");
        SystemPython.Require("jupyter_client", "python3-jupyter-client");
        var report = await kernel.RunAsync("protocol.py", TimeSpan.FromMinutes(20));
        Assert.True(report is { Failed: 0, Skipped: 0 }, report.Problems);
        Assert.InRange(report.Run, 39, int.MaxValue);
    }
}
