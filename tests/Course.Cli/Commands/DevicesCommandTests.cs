namespace Course.Cli.Tests.Commands;

public sealed class DevicesCommandTests
{
    [Fact]
    public async Task WithoutAName_EveryDeviceIsTold_AndWhyOthersAreMissing()
    {
        var (code, output, error) = await CourseProcess.RunAsync(Path.GetTempPath(), new Dictionary<string, string?> { ["COURSE_GPU"] = "emulated" }, "devices");

        Assert.Equal(ExitCode.Done, code);
        Assert.Matches(@"^cpu\r?\ncuda:0 \(ILGPU's emulation, ILGPU 1\..+\)\r?\n", output);
        // A machine may have a driver of OpenCL.
        Assert.Contains("opencl:0", output + error);
    }

    [Fact]
    public async Task ADeviceThatIsNotThere_IsToldInOneLine_WithExitCode1()
    {
        var (code, output, error) = await CourseProcess.RunAsync(Path.GetTempPath(), new Dictionary<string, string?> { ["COURSE_GPU"] = "none" }, "devices", "cuda");

        Assert.Equal((ExitCode.Failed, ""), (code, output));
        Assert.StartsWith("course: --device cuda: device cuda:0 is not available: COURSE_GPU=none hides all GPUs.", Assert.Single(error.Trim().Split('\n')));
    }
}
